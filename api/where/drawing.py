"""The map of a document on places: what is drawn, and what it says in words."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from babel.numbers import format_compact_decimal

from api.models_where import Cooperation, Place, Where
from graph.identity import Identity
from visualisations.counting import counted, kind_name, listed
from visualisations.europe import Arc, Area, Dot, Picture, Words
from visualisations.wording import Wording

STRONGEST = 30  # arcs that a reader still follows
ARCS = {"none": 0, "most": STRONGEST, "all": 10**6}
_FIRST = 3  # countries that a sentence names


def picture(
    where: Where,
    words: Wording,
    identity: Identity,
    *,
    arcs: str = "most",
    link: Callable[[Place], str | None] | None = None,
) -> Picture:
    """Make what the map of a document shows.

    `arcs` says how many are drawn, `link` gives the address of what is in a place.
    """
    areas = [
        Area(
            place.key,
            value_of(place),
            told(place, where, words),
            short(value_of(place), words),
            None if link is None else link(place),
        )
        for place in places_of(where)
        if place.drawn and value_of(place) > 0
    ]
    dots = [
        Dot(
            spot.longitude,
            spot.latitude,
            spot.things,
            counted(words, where.kind, spot.things),
            identity.path(spot.one, "page") if spot.things == 1 else None,
        )
        for spot in (() if where.nuts else where.spots)
    ]
    said = Words(
        label=sentence(where, words),
        values=_heading(where, words),
        nothing=words.gettext("none known"),
        arcs=words.gettext("Together in"),
        places=words.gettext("Places"),
        dots=words.gettext("largest: %(what)s")
        % {"what": counted(words, where.kind, max((dot.value for dot in dots), default=0))},
    )
    pairs = () if where.nuts else where.cooperation[: ARCS[arcs]]
    drawn = [_arc(item, where, words) for item in pairs]
    return Picture(areas, drawn, dots, said, tiled=where.nuts > 0)


def places_of(where: Where) -> tuple[Place, ...]:
    """Give what the map is of: regions where a level is asked for, and countries else."""
    return where.regions if where.nuts else where.countries


def ends(shown: Picture, words: Wording) -> list[str]:
    """Say the classes of values, in their order."""
    both = words.gettext("%(least)s to %(most)s")
    return [
        short(step.least, words)
        if step.least == step.most
        else both % {"least": short(step.least, words), "most": short(step.most, words)}
        for step in shown.steps
    ]


def sentence(where: Where, words: Wording) -> str:
    """Say what the map shows, for those who do not see it."""
    there = [place for place in places_of(where) if value_of(place) > 0]
    places = [place for place in there if place.drawn]
    first = [f"{place.label.text} ({short(value_of(place), words)})" for place in places[:_FIRST]]
    said = [
        _heads(where, len(places), words)
        % {"what": _what(where, words), "number": words.number(len(places))}
    ]
    if len(places) > 1:
        said.append(words.gettext("Most: %(places)s.") % {"places": listed(words, first)})
    if where.unknown:
        unknown = (
            words.gettext("No region is known of %(what)s.")
            if where.nuts
            else words.gettext("No country is known of %(what)s.")
        )
        said.append(unknown % {"what": counted(words, where.kind, where.unknown)})
    away = sum(place.things for place in there if not place.drawn)
    if away:
        said.append(
            words.gettext("Elsewhere, and not drawn: %(what)s.")
            % {"what": counted(words, where.kind, away)}
        )
    if where.cooperation and not where.nuts:
        best = where.cooperation[0]
        said.append(
            words.gettext("Closest: %(one)s and %(other)s, together in %(number)s.")
            % {
                "one": _name(where, best.one),
                "other": _name(where, best.other),
                "number": words.number(best.things),
            }
        )
    return " ".join(said)


def _heads(where: Where, number: int, words: Wording) -> str:
    if where.nuts:
        return words.ngettext(
            "Map of Europe: %(what)s in %(number)s region.",
            "Map of Europe: %(what)s in %(number)s regions.",
            number,
        )
    return words.ngettext(
        "Map of Europe: %(what)s in %(number)s country.",
        "Map of Europe: %(what)s in %(number)s countries.",
        number,
    )


def told(place: Place, where: Where, words: Wording) -> str:
    """Say what is in a country or region."""
    what = counted(words, where.kind, place.things)
    if place.sum is not None and where.money is not None:
        total = f"{words.number(Decimal(place.sum))} {where.money.currency}"
        what = words.gettext("%(sum)s of %(what)s") % {"sum": total, "what": what}
    return f"{name_of(place, where)}: {what}"


def name_of(place: Place, where: Where) -> str:
    """Name a place: a region with its code."""
    named = where.nuts and place.key != place.label.text
    return f"{place.label.text} ({place.key})" if named else place.label.text


def value_of(place: Place) -> Decimal:
    """Give the number that a country is shaded by."""
    return Decimal(place.things if place.sum is None else place.sum)


def short(value: Decimal, words: Wording) -> str:
    """Write a number so that it fits on a map: “1.3M”."""
    if value < 10_000:  # noqa: PLR2004  # as long as it is short anyway
        return words.number(value.quantize(Decimal(1)))
    written: str = format_compact_decimal(
        value, format_type="short", locale=words.language, fraction_digits=1
    )
    return written


def _arc(item: Cooperation, where: Where, words: Wording) -> Arc:
    said = words.gettext("%(one)s and %(other)s: together in %(number)s") % {
        "one": _name(where, item.one),
        "other": _name(where, item.other),
        "number": words.number(item.things),
    }
    return Arc(item.one, item.other, item.things, said)


def _name(where: Where, key: str) -> str:
    return next((place.label.text for place in where.countries if place.key == key), key)


def _what(where: Where, words: Wording) -> str:
    if where.money is None:
        return counted(words, where.kind, where.total)
    total = sum((value_of(place) for place in places_of(where)), Decimal(0))
    written = f"{words.number(total)} {where.money.currency}"
    return f"{written} ({where.money.label})"


def _heading(where: Where, words: Wording) -> str:
    name = kind_name(words, where.kind)
    return name if where.money is None else f"{name}, {where.money.currency}"
