"""Partners as people read them: reasons as sentences, and a ranking as a drawing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from markupsafe import Markup

from visualisations.lettering import FAMILY, shortened
from visualisations.styles import OTHER, PALETTE
from visualisations.svg import drawing, element
from visualisations.wording import Wording

_WIDTH, _ROW, _BAR = 640.0, 46.0, 16.0  # of the drawing, of a partner in it, and of its bar
_MARGIN, _NUMBERS, _LEGEND = 6.0, 44.0, 22.0  # around it, right of bars, and of a line below
_SIZE, _SMALL = 13, 12  # of letters
_INK = "#1b2430"


@dataclass(frozen=True, slots=True)
class Standing:
    """A partner in a ranking: its name with the language, its points of 100, and what gives them.

    `worth` is the part of each aspect; all are 1 together for a partner that could not be better.
    """

    name: str
    language: str
    points: int
    worth: tuple[float, ...]


def sentence(  # noqa: PLR0913  # what the sentences of all aspects are made of
    aspect: str,
    words: Wording,
    *,
    number: int,
    names: Sequence[str],
    completed: bool,
    call: str | None = None,
    deadline: str | None = None,
) -> str:
    """Say in the words of a reader why an aspect speaks for a partner."""
    listed = {
        "count": words.number(number),
        "names": "; ".join(names) + ("; …" if number > len(names) and aspect != "role" else ""),
    }
    match aspect:
        case "theme":
            text = words.ngettext(
                "Works on %(count)s theme that counts here: %(names)s.",
                "Works on %(count)s themes that count here: %(names)s.",
                number,
            )
        case "target-group":
            text = words.ngettext(
                "Works for %(count)s target group that counts here: %(names)s.",
                "Works for %(count)s target groups that count here: %(names)s.",
                number,
            )
        case "role" if completed:
            text = words.ngettext(
                "Has had, once, a role of a kind that you have not had: %(names)s.",
                "Has had, %(count)s times, roles of a kind that you have not had: %(names)s.",
                number,
            )
        case "role":
            text = words.ngettext(
                "Has had the role that is wanted once: %(names)s.",
                "Has had the role that is wanted %(count)s times: %(names)s.",
                number,
            )
        case "call":
            return _of_call(words, names[0], call or "", deadline)
        case "shared-partner":
            text = words.ngettext(
                "%(count)s organisation has worked with both of you: %(names)s.",
                "%(count)s organisations have worked with both of you: %(names)s.",
                number,
            )
        case "new":
            return words.gettext("You have not worked together yet, as far as is known here.")
        case _:
            text = words.ngettext(
                "Takes part in, or runs, %(count)s thing that is known here.",
                "Takes part in, or runs, %(count)s things that are known here.",
                number,
            )
    return text % listed


def _of_call(words: Wording, programme: str, call: str, deadline: str | None) -> str:
    told = {"programme": programme, "call": call, "deadline": _day(words, deadline)}
    if deadline is None:
        text = words.gettext(
            "%(programme)s has paid for something of both of you; no deadline is known of its "
            "call “%(call)s”."
        )
    else:
        text = words.gettext(
            "%(programme)s has paid for something of both of you; its call “%(call)s” is open "
            "until %(deadline)s."
        )
    return text % told


def _day(words: Wording, text: str | None) -> str:
    """Write a day as readers do; a year or a month as it is."""
    try:
        return words.day(date.fromisoformat(text or ""))
    except ValueError:
        return text or ""


def draw_ranking(
    standings: Sequence[Standing], aspects: Sequence[str], words: Wording, *, label: str
) -> Markup:
    """Draw a bar for each partner, divided by what speaks for it; below are the aspects' names."""
    rows = len(standings) * _ROW
    bars = (_bar(item, _MARGIN + at * _ROW, words) for at, item in enumerate(standings))
    return drawing(
        _WIDTH,
        rows + len(aspects) * _LEGEND + 3 * _MARGIN,
        *bars,
        *_legend(aspects, rows + 2 * _MARGIN),
        label=label,
        font_family=FAMILY,
        font_size=_SIZE,
        fill=_INK,
    )


def _bar(item: Standing, top: float, words: Wording) -> Markup:
    room = _WIDTH - 2 * _MARGIN - _NUMBERS
    widths = [part * room for part in item.worth]
    parts = (
        element(
            "rect",
            x=_MARGIN + right - width,
            y=top + 20,
            width=width,
            height=_BAR,
            fill=_style(at)[0],
            stroke=_style(at)[1],
            stroke_width=0.8,
        )
        for at, (width, right) in enumerate(zip(widths, accumulate(widths), strict=True))
        if width > 0
    )
    name = element(
        "text",
        shortened(item.name, _SIZE, _WIDTH - 2 * _MARGIN),
        x=_MARGIN,
        y=top + 13,
        lang=item.language or None,
    )
    points = element(
        "text",
        words.number(item.points),
        x=_WIDTH - _MARGIN,
        y=top + 20 + _BAR - 3,
        text_anchor="end",
    )
    return element("g", name, *parts, points)


def _legend(aspects: Sequence[str], top: float) -> Iterator[Markup]:
    for at, name in enumerate(aspects):
        y = top + at * _LEGEND
        fill, border = _style(at)
        yield element("rect", x=_MARGIN, y=y, width=14, height=14, fill=fill, stroke=border)
        yield element("text", name, x=_MARGIN + 22, y=y + 11, font_size=_SMALL)


def _style(at: int) -> tuple[str, str]:
    style = PALETTE[at] if at < len(PALETTE) - 1 else OTHER
    return style.fill, style.border
