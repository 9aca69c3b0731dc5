"""Reasons for partners as people read them: sentences, and paths as small drawings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from visualisations.lettering import FAMILY, lines, shortened
from visualisations.styles import PALETTE
from visualisations.svg import drawing, element, path
from visualisations.wording import Wording

_WIDTH, _HEIGHT, _STEP = 264, 44, 34  # of the box of a node, and from one to the next
_MARGIN = 4
_SIZE, _LINE, _LINES = 12, 15, 2  # of letters, from line to line, and how many a box holds
_HEAD = 4.5  # half the width of an arrow's head
_INK = "#1b2430"
_FIXED = PALETTE[0]  # of organisations, which a path begins and ends with


@dataclass(frozen=True, slots=True)
class Box:
    """A node of a drawn path: its name with the language, and whether the path is about it."""

    name: str
    language: str
    end: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """A step of a drawn path: what it says, and whether it points onwards."""

    name: str
    language: str
    along: bool


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


def draw_path(boxes: Sequence[Box], arrows: Sequence[Arrow], *, label: str) -> Markup:
    """Draw a path downwards: a box for each node, and an arrow with its name between two.

    There is one arrow less than there are boxes. The drawing is 272 pixels wide whatever its
    length, so that it fits a small screen as it is.
    """
    step = _HEIGHT + _STEP
    parts = [_box(box, _MARGIN + place * step) for place, box in enumerate(boxes)]
    parts += [_arrow(arrow, _MARGIN + place * step + _HEIGHT) for place, arrow in enumerate(arrows)]
    width = _WIDTH + 2 * _MARGIN
    height = len(boxes) * _HEIGHT + len(arrows) * _STEP + 2 * _MARGIN
    return drawing(
        width,
        height,
        *parts,
        label=label,
        font_family=FAMILY,
        font_size=_SIZE,
        fill=_INK,
    )


def _box(box: Box, top: float) -> Markup:
    written = _two_lines(box.name)
    first = top + _HEIGHT / 2 - (len(written) - 1) * _LINE / 2
    style = _FIXED if box.end else PALETTE[-1]
    texts = [
        element(
            "text",
            line,
            x=_MARGIN + _WIDTH / 2,
            y=first + place * _LINE,
            text_anchor="middle",
            dominant_baseline="central",
            lang=box.language or None,
            fill="#ffffff" if box.end else None,
        )
        for place, line in enumerate(written)
    ]
    outline = element(
        "rect",
        x=_MARGIN,
        y=top,
        width=_WIDTH,
        height=_HEIGHT,
        rx=_HEIGHT / 2 if box.end else 4,
        fill=style.fill,
        stroke=style.border,
        stroke_width=1.5,
    )
    return element("g", outline, *texts)


def _arrow(arrow: Arrow, top: float) -> Markup:
    # Left of the middle, so that there is room for what it says.
    middle = _MARGIN + _WIDTH / 3
    tip, rest = (top + _STEP, top) if arrow.along else (top, top + _STEP)
    base = tip + (-2 if arrow.along else 2) * _HEAD
    head = path([(middle - _HEAD, base), (middle + _HEAD, base), (middle, tip)]) + "Z"
    return element(
        "g",
        element("path", d=path([(middle, rest), (middle, base)]), stroke=_INK, stroke_width=1.5),
        element("path", d=head),
        element(
            "text",
            shortened(arrow.name, _SIZE, _WIDTH * 2 / 3 - 12),
            x=middle + 10,
            y=top + _STEP / 2,
            dominant_baseline="central",
            lang=arrow.language or None,
        ),
    )


def _two_lines(text: str) -> list[str]:
    """Break a name into at most two lines, the second cut where there is more."""
    room = _WIDTH - 20
    found = lines(text, _SIZE, room)
    if len(found) <= _LINES:
        return found
    return [found[0], shortened(" ".join(found[1:]), _SIZE, room)]
