"""Validation of a release against the SHACL shapes of the ontology."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.engine import Query
from graph.formats import GRAPH_FORMATS, Format, by_name
from graph.report import ShapeReport, ShapeResult
from graph.shacl import Known, shapes, validated
from graph.store import Store, new_buffer
from graph.terms import Term
from ontology import Property

if TYPE_CHECKING:
    from graph.lines import Lines
    from graph.profiles import Profiles

MAX_RESULTS = 1000
_PORTION = 500  # things that one query names
_ORDER = ("Violation", "Warning", "Info")

# SHACL cannot compare years and months with pyshacl, which knows no order of them. Dates of one
# row are compared, as far as both are exact: those of rows that disagree need not fit together.
_ENDS_BEFORE_START = Query("""
PREFIX sikg: <https://w3id.org/sikg/ontology#>
SELECT DISTINCT ?focus ?start ?end WHERE {
  GRAPH ?row { ?focus sikg:startDate ?start ; sikg:endDate ?end . }
  BIND(STRLEN(STR(?start)) AS ?one)
  BIND(STRLEN(STR(?end)) AS ?other)
  BIND(IF(?one < ?other, ?one, ?other) AS ?exact)
  FILTER(SUBSTR(STR(?start), 1, ?exact) > SUBSTR(STR(?end), 1, ?exact))
} ORDER BY ?focus ?start ?end
""")


# What the shapes look at in some things: what is said of them and of what links to them, and the
# classes of all that is named there.
_LINKING = Query("SELECT DISTINCT ?thing WHERE { VALUES ?changed { UNDEF } ?thing ?link ?changed }")
_SAID = Query(
    "CONSTRUCT { ?thing ?property ?value } WHERE "
    "{ VALUES ?thing { UNDEF } ?thing ?property ?value }"
)
_NAMED = Query(
    "SELECT DISTINCT ?value WHERE "
    "{ VALUES ?thing { UNDEF } ?thing ?property ?value FILTER(isIRI(?value)) }"
)
_CLASSES = Query("CONSTRUCT { ?thing a ?class } WHERE { VALUES ?thing { UNDEF } ?thing a ?class }")
_ENDS_BEFORE_START_AMONG = Query(
    _ENDS_BEFORE_START.text.replace("WHERE {", "WHERE { VALUES ?focus { UNDEF }", 1)
)


@dataclass(frozen=True, slots=True)
class Sorted:
    """The things of a graph by profile, and those that may end before they start."""

    profiles: Profiles
    doubtful: Sequence[str]


def sort_things(lines: Lines) -> Sorted | None:
    """Sort things by profile, for which no store is needed; None where one of them has no IRI."""
    # why: it loads polars, whose threads few processes need
    from graph.profiles import may_end_before_start, profile  # noqa: PLC0415

    profiles = profile(lines, shapes())
    return None if profiles is None else Sorted(profiles, may_end_before_start(lines))


def validate(store: Store, things: Sorted | None = None, known: Known | None = None) -> ShapeReport:
    """Validate the merged default graph of a store; results come in a fixed order.

    Where its things are sorted by profile, one of each is validated, and of those like it that
    have results the first; the numbers are of all. `known` tells results of an earlier build.
    """
    if things is None:
        body = new_buffer()
        store.dump(body, _ntriples())
        found = [*validated(body.getvalue()), *_periods(store, _ENDS_BEFORE_START)]
        counted = Counter[str](item.severity for item in found)
    else:
        found, counted = _by_profile(store, things.profiles, known or Known())
        late = _late(store, things.doubtful)
        found += late
        counted["Violation"] += len(late)
    found.sort(key=_place)
    violations = counted["Violation"]
    return ShapeReport(
        conforms=violations == 0,
        violations=violations,
        warnings=counted.total() - violations,
        results=tuple(found[:MAX_RESULTS]),
    )


def _by_profile(
    store: Store, profiles: Profiles, known: Known
) -> tuple[list[ShapeResult], Counter[str]]:
    """Give results, the first of each severity among them, and how many there are in all."""
    samples, speakers = profiles.samples(), profiles.speakers()
    wrong = _about(store, speakers, known)
    # Where one has results, those for whom it speaks have as many as they have values at fault.
    others = {thing for item in wrong for thing in speakers[item.focus]} - speakers.keys()
    wrong += _about(store, others, known) if others else []
    counted: Counter[str] = Counter()
    for item in wrong:
        counted[item.severity] += samples[item.focus]
    chosen: set[str] = set()
    for severity in _ORDER:
        faulty = {item.focus for item in wrong if item.severity == severity}
        chosen.update(profiles.like(faulty, MAX_RESULTS))
    if chosen <= samples.keys():  # few are faulty, and none is like another
        return [item for item in wrong if item.focus in chosen], counted
    return _about(store, chosen, known), counted


def _about(store: Store, things: Collection[str], known: Known) -> list[ShapeResult]:
    """Validate some things by what is said of them, and the classes of what is named there."""
    said, named = b"", set[str]()
    for some in _portions(sorted(things)):
        around = [Term("uri", thing) for thing in some]
        named.update(store.select(_NAMED.bind(thing=around)).values("value"))
        said += store.construct(_SAID.bind(thing=around), _ntriples())
    classes = b""
    for some in _portions(sorted(named)):
        terms = [Term("uri", name) for name in some]
        classes += store.construct(_CLASSES.bind(thing=terms), _ntriples())
    return known.results(things, said, classes)


def _portions(things: Sequence[str]) -> Iterator[Sequence[str]]:
    """Divide what would make a query too long."""
    for start in range(0, len(things), _PORTION):
        yield things[start : start + _PORTION]


def _late(store: Store, doubtful: Sequence[str]) -> list[ShapeResult]:
    """Find what ends before it starts in a row, among what may do so."""
    found = []
    for some in _portions(doubtful):
        focus = [Term("uri", thing) for thing in some]
        found += _periods(store, _ENDS_BEFORE_START_AMONG.bind(focus=focus))
    return found


def _ntriples() -> Format:
    found = by_name(GRAPH_FORMATS, "ntriples")
    assert found is not None  # noqa: S101  # a constant of ours
    return found


def validate_things(store: Store, things: Collection[str]) -> tuple[ShapeResult, ...]:
    """Validate some things, and what links to them, with no more of the store than that needs."""
    if not things:
        return ()
    terms = [Term("uri", thing) for thing in things]
    linking = store.select(_LINKING.bind(changed=terms)).values("thing")
    periods = _periods(store, _ENDS_BEFORE_START_AMONG.bind(focus=terms))
    return tuple(sorted([*_about(store, {*things, *linking}, Known()), *periods], key=_place))


def _place(item: ShapeResult) -> tuple[int, str, str, str, str]:
    return (
        _ORDER.index(item.severity),
        item.focus,
        item.path or "",
        item.value or "",
        item.message,
    )


def _periods(store: Store, query: Query) -> list[ShapeResult]:
    return [
        ShapeResult(
            severity="Violation",
            focus=row["focus"].value,
            path=Property.END_DATE,
            value=row["end"].value,
            message=f"ends before it starts ({row['start'].value}): correct one of the dates",
        )
        for row in store.select(query)
    ]
