"""The timelines of a document on times: what is drawn, and what they say in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from markupsafe import Markup

from api.models_where import Dated, When
from visualisations.counting import counted, kind_name, listed
from visualisations.styles import OTHER, PALETTE
from visualisations.timeline import Bar, Lane, Strip, draw_bars, draw_strips, scale
from visualisations.wording import Wording

# As networks draw them; lanes have names, so that no colour is needed to tell them.
_STYLES = {
    "programme": PALETTE[3],
    "project": PALETTE[1],
    "consortium": PALETTE[1],
    "practice": PALETTE[2],
    "policy": PALETTE[5],
    "event": PALETTE[4],
}
_MOMENTS = frozenset({"policy"})


def strips(
    when: When, words: Wording, link: Callable[[str, int], str] | None = None
) -> Markup | None:
    """Draw how many things begin in each year; None where nothing has a date."""
    if not when.years:
        return None
    made = []
    for kind in when.kinds:
        things = {item.year: item.things for item in when.years if item.kind == kind}
        if things:
            style = _STYLES.get(kind, OTHER)
            name = kind_name(words, kind)
            made.append(Strip(kind, name, style.fill, style.border, things))

    def told(strip: Strip, year: int, things: int) -> str:
        said = words.gettext("%(year)s: %(what)s")
        return said % {"year": year, "what": counted(words, strip.kind, things)}

    of = scale(item.year for item in when.years)
    return draw_strips(made, of, strips_sentence(when, words), told, link)


def bars(when: When, words: Wording, *, linked: bool) -> Markup | None:
    """Draw each thing of the page; None where none has a date."""
    dated = [item for item in when.items if item.begin is not None]
    if not dated:
        return None
    lanes = []
    for kind in when.kinds:
        style = _STYLES.get(kind, OTHER)
        made = [_bar(item, words) for item in dated if item.kind == kind]
        if made:
            lanes.append(Lane(kind_name(words, kind), style.fill, style.border, made))
    ends = [int(text[:4]) for item in dated for text in (item.begin, item.end) if text]
    latest = max(int(item.begin[:4]) for item in dated if item.begin)
    of = scale(min(year, latest + 25) for year in ends)
    return draw_bars(lanes, of, bars_sentence(when, words), linked=linked)


def strips_sentence(when: When, words: Wording) -> str:
    """Say what the strips show."""
    total: Counter[int] = Counter()
    by_kind: Counter[str] = Counter()
    for item in when.years:
        total[item.year] += item.things
        by_kind[item.kind] += item.things
    if not total:
        return words.gettext("Nothing has a date.")
    most = max(total, key=lambda year: (total[year], year))
    what = listed(words, [counted(words, kind, number) for kind, number in by_kind.items()])
    said = words.gettext(
        "%(what)s begin from %(first)s to %(last)s; most in %(year)s (%(number)s)."
    )
    return said % {
        "what": what,
        "first": min(total),
        "last": max(total),
        "year": most,
        "number": words.number(total[most]),
    }


def bars_sentence(when: When, words: Wording) -> str:
    """Say what the bars show."""
    by_kind = Counter(item.kind for item in when.items if item.begin is not None)
    what = listed(words, [counted(words, kind, number) for kind, number in by_kind.items()])
    return words.gettext("Timeline of %(what)s, in the order in which they begin.") % {"what": what}


def span_of(item: Dated, words: Wording) -> str:
    """Write when a thing begins and ends."""
    if item.begin is None:
        return words.gettext("not known")
    if item.kind in _MOMENTS:
        return item.begin
    if item.end is None:
        return words.gettext("from %(begin)s, end not known") % {"begin": item.begin}
    if item.end == item.begin:
        return item.begin
    return words.gettext("%(begin)s to %(end)s") % {"begin": item.begin, "end": item.end}


def _bar(item: Dated, words: Wording) -> Bar:
    return Bar(
        item.label.text,
        item.label.language if not item.label.asked else None,
        item.begin or "",
        item.end,
        f"{item.label.text}: {span_of(item, words)}",
        item.page,
        moment=item.kind in _MOMENTS,
    )
