"""Attributes: what things of a kind have, to compare with a table and to fill into one.

They are the properties that a release uses, as its statistics tell, and the filters of lists that
lead over several properties, such as from an organisation to what pays for its projects.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from graph.dataset import Dataset
from graph.engine import DEFAULT_GRAPH, Query
from graph.listing import filters_of
from graph.reconciling.kinds import short
from graph.terms import Term, iri
from ontology import PREFIXES, SIKG, expand, properties, segments

# Of other vocabularies, those that sources state; what else is there follows from ours.
_OTHERS = frozenset(
    map(
        expand,
        (
            "skos:prefLabel",
            "skos:altLabel",
            "skos:definition",
            "skos:notation",
            "skos:note",
            "skos:broader",
            "skos:exactMatch",
            "skos:closeMatch",
            "dcterms:description",
            "dcterms:identifier",
            "foaf:homepage",
            "schema:vatID",
            "schema:leiCode",
        ),
    )
)
_OVER_SEVERAL = frozenset("^/+")  # signs of a path that is more than properties of the thing
_HEAD = "".join(f"PREFIX {name}: <{address}> " for name, address in PREFIXES.items())
_USED = Query(f"""{_HEAD}
SELECT ?class ?property ?number WHERE {{
  VALUES ?void {{ UNDEF }}
  GRAPH ?void {{
    ?part void:class ?class ; void:propertyPartition ?inner .
    ?inner void:property ?property ; void:triples ?number
  }}
}}
""")

# Values of things, by the id of the attribute.
Values = Mapping[str, Sequence[Term]]


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute: its id, its property, and paths that lead to more, each for things of a kind.

    One without a property is called as the filter of lists that has the same paths.
    """

    id: str
    property: str = ""
    paths: tuple[tuple[str, str], ...] = ()


def attributes_of(dataset: Dataset, kinds: Collection[str]) -> list[Attribute]:
    """Give the attributes of things of some kinds, the most used properties first."""
    used = dataset.facts.remembered("used properties", lambda: _used(dataset))
    classes = segments()
    numbers: dict[str, int] = {}
    for kind in kinds:
        for name, number in used.get(classes.get(kind, ""), {}).items():
            numbers[name] = numbers.get(name, 0) + number
    ids = [short(name) for name in sorted(numbers, key=lambda name: (-numbers[name], name))]
    found = map(find_attribute, dict.fromkeys([*ids, *_paths(kinds)]))
    return [item for item in found if item is not None]


def find_attribute(name: str) -> Attribute | None:
    """Find an attribute by its id, IRI or prefixed name; None if there is none."""
    prefix, colon, local = name.partition(":")
    if name.startswith(("http://", "https://")):
        address = name
    else:
        address = PREFIXES.get(prefix, "") + local if colon else SIKG + name
    paths = _all_paths().get(short(address), ())
    if address in _OTHERS or (address.startswith(SIKG) and address in properties()):
        return Attribute(short(address), address, paths)
    return Attribute(short(address), "", paths) if paths else None


def read_values(
    dataset: Dataset, things: Collection[str], wanted: Sequence[Attribute]
) -> Mapping[str, Values]:
    """Give what things, by their IRIs, have of attributes; each value once, in order."""
    found: dict[str, dict[str, set[Term]]] = {thing: {} for thing in things}
    ids = {item.property: item.id for item in wanted if item.property}
    if ids:
        for thing, name, value, _ in dataset.store.look_up(found, graph=DEFAULT_GRAPH):
            if name in ids:
                found[thing].setdefault(ids[name], set()).add(value)
    for item in wanted:
        for kind, path in item.paths:
            reached = _reached(dataset, _of_kind(dataset, found, kind), path)
            for thing, value in reached:
                found[thing].setdefault(item.id, set()).add(value)
    return {
        thing: {name: sorted(values, key=_order) for name, values in held.items()}
        for thing, held in found.items()
    }


def _paths(kinds: Iterable[str]) -> Mapping[str, list[tuple[str, str]]]:
    """Give the filters of some kinds whose path leads over several properties, with these."""
    paths: dict[str, list[tuple[str, str]]] = {}
    for kind in kinds:
        for name, item in filters_of(kind).items():
            if _OVER_SEVERAL & set(item.paths[kind]):
                paths.setdefault(name, []).append((kind, item.paths[kind]))
    return paths


@cache
def _all_paths() -> Mapping[str, tuple[tuple[str, str], ...]]:
    return {name: tuple(found) for name, found in _paths(segments()).items()}


def _used(dataset: Dataset) -> Mapping[str, Mapping[str, int]]:
    rows = dataset.store.select(_USED.bind(void=iri(dataset.identity.graph("void"))))
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        name = row["property"].value
        if name in _OTHERS or name.startswith(SIKG):
            found.setdefault(row["class"].value, {})[name] = int(row["number"].value)
    return found


def _of_kind(dataset: Dataset, things: Iterable[str], kind: str) -> list[str]:
    start = f"{dataset.identity.base}id/{kind}/"
    return [thing for thing in things if thing.startswith(start)]


def _reached(dataset: Dataset, things: Sequence[str], path: str) -> Iterable[tuple[str, Term]]:
    if not things:
        return []
    asked = Query(
        f"{_HEAD} SELECT DISTINCT ?thing ?value WHERE "
        f"{{ VALUES ?thing {{ UNDEF }} ?thing ({path}) ?value }}"
    )
    rows = dataset.store.select(asked.bind(thing=[iri(thing) for thing in things]))
    return [(row["thing"].value, row["value"]) for row in rows]


def _order(value: Term) -> tuple[str, str, str]:
    return value.kind, value.language or "", value.value
