"""Reading entities: everything a release says about one thing, each statement with its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from graph.engine import DEFAULT_GRAPH, Engine, Held, Holder, Query
from graph.entity import Entity, Statement, gathered, place
from graph.errors import NotFoundError
from graph.identity import Identity, Reference
from graph.labels import read_names
from graph.rows import read_receipts
from graph.terms import Term, iri
from ontology import Property

INCOMING_LIMIT = 200
CONTENT_LIMIT = 1000

# A participation says who takes part in what, a funding how much was given: they are nodes so
# that they can be described, and are shown with what they describe.
_STATEMENTS = Query("""
SELECT ?subject ?property ?value ?graph WHERE {
  VALUES ?subject { UNDEF }
  { ?subject ?property ?value } UNION { GRAPH ?graph { ?subject ?property ?value } }
}
""")
_PARTS = """
PREFIX sikg: <https://w3id.org/sikg/ontology#>
SELECT DISTINCT ?part WHERE {{
  {{ VALUES ?owner {{ UNDEF }} ?owner sikg:funding ?part }}
  UNION {{ VALUES ?participant {{ UNDEF }} ?part sikg:participant ?participant }}
  UNION {{ VALUES ?project {{ UNDEF }} ?part sikg:participatesIn ?project }}
}}
LIMIT {limit}
"""
_INCOMING = """
PREFIX sikg: <https://w3id.org/sikg/ontology#>
SELECT ?subject ?property ?value ?graph WHERE {{
  VALUES ?value {{ UNDEF }}
  GRAPH ?graph {{ ?subject ?property ?value }}
  FILTER(?property NOT IN
    (sikg:participant, sikg:participatesIn, sikg:participatesInConsortium))
}}
LIMIT {limit}
"""
# What follows is stated by other vocabularies, and stands in no graph of a row.
_LINKS = """
PREFIX sikg: <https://w3id.org/sikg/ontology#>
SELECT ?subject ?property WHERE {{
  VALUES ?value {{ UNDEF }}
  ?subject ?property ?value
  FILTER(STRSTARTS(STR(?property), STR(sikg:)) && ?property NOT IN
    (sikg:participant, sikg:participatesIn, sikg:participatesInConsortium))
}}
LIMIT {limit}
"""
_COUNTED = Query("""
SELECT (COUNT(*) AS ?number) WHERE {
  { SELECT ?subject WHERE { VALUES ?value { UNDEF } ?subject ?property ?value } LIMIT 1000 }
}
""")
_MANY = 1000  # as in the query above
_FEW = 32  # statements that are read one by one sooner than a query is understood
_OF_PARTS = frozenset(
    {Property.PARTICIPANT, Property.PARTICIPATES_IN, Property.PARTICIPATES_IN_CONSORTIUM}
)
_CONTENT = """
SELECT ?subject ?property ?value ?graph WHERE {{
  VALUES ?graph {{ UNDEF }}
  GRAPH ?graph {{ ?subject ?property ?value }}
}}
LIMIT {limit}
"""


def read_entity(
    engine: Engine, identity: Identity, reference: Reference, *, limit: int = INCOMING_LIMIT
) -> Entity:
    """Read what the release says about one thing; NotFoundError if it says nothing."""
    this = identity.entity(reference.segment, reference.key)
    statements = _read(engine, identity, [this])
    if not statements:
        raise NotFoundError(f"this release says nothing about {this}")
    parts, all_parts = _read_parts(engine, identity, statements, limit)
    incoming, all_incoming = _read_incoming(engine, this, limit)
    content: list[Statement] = []
    all_content = True
    if reference.segment == "row":
        content, all_content = _read_some(engine, _CONTENT, CONTENT_LIMIT, graph=iri(this))
    everything = [
        *statements,
        *incoming,
        *content,
        *(item for part in parts.values() for item in part),
    ]
    return Entity(
        iri=this,
        reference=reference,
        identity=identity,
        statements=tuple(statements),
        parts=parts,
        incoming=tuple(incoming),
        content=tuple(content),
        names=read_names(
            engine,
            identity,
            [this, *_mentioned(everything)],
            {this: _merged(statements), **{part: _merged(held) for part, held in parts.items()}},
        ),
        receipts=read_receipts(
            engine, identity, (graph for item in everything for graph in item.graphs)
        ),
        limit=limit,
        parts_complete=all_parts,
        incoming_complete=all_incoming,
        content_complete=all_content,
    )


def exists(engine: Engine, identity: Identity, reference: Reference) -> bool:
    """Tell whether the release says anything about a thing."""
    this = identity.entity(reference.segment, reference.key)
    return engine.ask(_EXISTS.bind(this=iri(this)))


_EXISTS = Query("ASK { VALUES ?this { UNDEF } GRAPH ?graph { ?this ?property ?value } }")


def _read_parts(
    engine: Engine, identity: Identity, statements: Sequence[Statement], limit: int
) -> tuple[dict[str, tuple[Statement, ...]], bool]:
    found = _name_parts(engine, statements, limit + 1)
    parts: dict[str, list[Statement]] = {part: [] for part in sorted(found)[:limit]}
    if parts:
        for item in _read(engine, identity, list(parts)):
            parts[item.subject].append(item)
    return {part: tuple(items) for part, items in parts.items()}, len(found) <= limit


def _name_parts(engine: Engine, statements: Sequence[Statement], limit: int) -> Sequence[str]:
    """Name the money of a thing of some statements, and who takes part in it or it in what."""
    this = statements[0].subject
    if not isinstance(engine, Holder):
        asked = Query(_PARTS.format(limit=limit)).bind(
            owner=iri(this), participant=iri(this), project=iri(this)
        )
        return engine.select(asked).values("part")
    found = [value.value for name, value in _merged(statements) if name == Property.FUNDING]
    for name in (Property.PARTICIPANT, Property.PARTICIPATES_IN):
        taking = engine.look_back(this, limit, name=name, graph=DEFAULT_GRAPH)
        found += [part for part, *_ in taking]
    return list(dict.fromkeys(found))[:limit]


def _read_incoming(engine: Engine, this: str, limit: int) -> tuple[list[Statement], bool]:
    """Read what links to a thing, up to a limit, and tell whether that is all."""
    if isinstance(engine, Holder):
        held = engine.look_back(this, _FEW)
        if len(held) < _FEW:
            told = (item for item in held if item[3] is not None and item[1] not in _OF_PARTS)
            few = gathered(told)
            return few[:limit], len(few) <= limit
        (counted,) = engine.select(_COUNTED.bind(value=iri(this))).rows
        if int(counted["number"].value) == _MANY:
            links = engine.select(Query(_LINKS.format(limit=limit)).bind(value=iri(this))).rows
            if len(links) == limit:
                return _looked_up(engine, this, links), False
    return _read_some(engine, _INCOMING, limit, value=iri(this))


def _looked_up(engine: Holder, this: str, links: Sequence[Mapping[str, Term]]) -> list[Statement]:
    """Look up which graphs state some links to a thing.

    A query for that reads what the default graph holds of the thing first, of which a country has
    hundreds of thousands.
    """
    found: list[Statement] = []
    for row in links:
        held = engine.look_up([row["subject"].value], name=row["property"].value)
        found += gathered(item for item in held if item[2].value == this and item[3] is not None)
    return sorted(found, key=place)


def _read_some(
    engine: Engine, text: str, limit: int, **terms: Term
) -> tuple[list[Statement], bool]:
    """Read statements up to a limit, and tell whether these are all."""
    solutions = engine.select(Query(text.format(limit=limit + 1)).bind(**terms))
    return gathered(map(_held, solutions.rows[:limit])), len(solutions) <= limit


def _read(engine: Engine, identity: Identity, subjects: Sequence[str]) -> list[Statement]:
    """Read the statements about things, in the default graph and those of rows."""
    rows = f"{identity.base}id/row/"
    if isinstance(engine, Holder):
        return gathered(engine.look_up(subjects), rows)
    found = engine.select(_STATEMENTS.bind(subject=[iri(subject) for subject in subjects]))
    return gathered(map(_held, found), rows)


def _held(row: Mapping[str, Term]) -> Held:
    graph = row.get("graph")
    return row["subject"].value, row["property"].value, row["value"], graph and graph.value


def _merged(statements: Iterable[Statement]) -> list[tuple[str, Term]]:
    """Give what the default graph holds of a thing."""
    return [(item.property, item.value) for item in statements if not item.overruled]


def _mentioned(statements: Iterable[Statement]) -> Iterator[str]:
    for item in statements:
        yield item.subject
        if item.value.kind == "uri":
            yield item.value.value
