"""Validation of a release against the SHACL shapes of the ontology."""

from __future__ import annotations

from collections.abc import Collection

import ontology
from graph.engine import Query
from graph.formats import GRAPH_FORMATS, by_name
from graph.report import ShapeReport, ShapeResult
from graph.store import Store, new_buffer
from graph.terms import Term

MAX_RESULTS = 1000
_SH = "http://www.w3.org/ns/shacl#"
_SEVERITIES = {f"{_SH}Violation": "Violation", f"{_SH}Warning": "Warning"}
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


def validate(store: Store) -> ShapeReport:
    """Validate the merged default graph of a store; results come in a fixed order."""
    ntriples = by_name(GRAPH_FORMATS, "ntriples")
    assert ntriples is not None  # noqa: S101  # a constant of ours
    body = new_buffer()
    store.dump(body, ntriples)
    found = [*_shacl(body.getvalue()), *_periods(store, _ENDS_BEFORE_START)]
    found.sort(key=_place)
    violations = sum(item.severity == "Violation" for item in found)
    return ShapeReport(
        conforms=violations == 0,
        violations=violations,
        warnings=len(found) - violations,
        results=tuple(found[:MAX_RESULTS]),
    )


def validate_things(store: Store, things: Collection[str]) -> tuple[ShapeResult, ...]:
    """Validate some things, and what links to them, with no more of the store than that needs."""
    if not things:
        return ()
    ntriples = by_name(GRAPH_FORMATS, "ntriples")
    assert ntriples is not None  # noqa: S101  # a constant of ours
    terms = [Term("uri", thing) for thing in things]
    linking = store.select(_LINKING.bind(changed=terms)).values("thing")
    focus = sorted({*things, *linking})
    around = [Term("uri", thing) for thing in focus]
    named = [Term("uri", name) for name in store.select(_NAMED.bind(thing=around)).values("value")]
    body = store.construct(_SAID.bind(thing=around), ntriples)
    body += store.construct(_CLASSES.bind(thing=named), ntriples)
    periods = _periods(store, _ENDS_BEFORE_START_AMONG.bind(focus=terms))
    found = [item for item in _shacl(body) if item.focus in set(focus)]
    return tuple(sorted([*found, *periods], key=_place))


def _shacl(statements: bytes) -> list[ShapeResult]:
    """Validate statements in N-Triples."""
    # why: both take a third of a second to import, and only few processes need them
    import rdflib  # noqa: PLC0415
    from pyshacl import validate as shacl  # noqa: PLC0415

    data = rdflib.Graph().parse(data=statements, format="nt")
    shapes = rdflib.Graph().parse(ontology.path("shapes.ttl"), format="turtle")
    _, results, _ = shacl(data, shacl_graph=shapes, inference="none", advanced=False)
    if not isinstance(results, rdflib.Graph):
        raise TypeError(f"pyshacl gave no report graph: {results!r}")
    return _read(results)


def _place(item: ShapeResult) -> tuple[int, str, str, str, str]:
    return (
        _ORDER.index(item.severity),
        item.focus,
        item.path or "",
        item.value or "",
        item.message,
    )


def _read(results: object) -> list[ShapeResult]:
    import rdflib  # noqa: PLC0415  # as above

    assert isinstance(results, rdflib.Graph)  # noqa: S101  # for the type checkers
    sh = rdflib.Namespace(_SH)
    found = []
    for node in results.objects(None, sh.result):
        path, value = results.value(node, sh.resultPath), results.value(node, sh.value)
        severity = str(results.value(node, sh.resultSeverity))
        found.append(
            ShapeResult.model_validate(
                {
                    "severity": _SEVERITIES.get(severity, "Info"),
                    "focus": str(results.value(node, sh.focusNode)),
                    "path": None if path is None else str(path),
                    "value": None if value is None else str(value),
                    "message": str(results.value(node, sh.resultMessage)),
                }
            )
        )
    return found


def _periods(store: Store, query: Query) -> list[ShapeResult]:
    return [
        ShapeResult(
            severity="Violation",
            focus=row["focus"].value,
            path=ontology.Property.END_DATE,
            value=row["end"].value,
            message=f"ends before it starts ({row['start'].value}): correct one of the dates",
        )
        for row in store.select(query)
    ]
