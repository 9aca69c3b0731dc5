"""Facets: how many things of a kind each filter of its list keeps, and how many begin when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graph.errors import NotFoundError, ParameterError
from graph.facts.dimensions import near
from graph.facts.reading import Facts
from graph.facts.relations import RELATIONS
from graph.listing import FILTERS, Filter
from ontology import compact

if TYPE_CHECKING:
    import duckdb

PERIOD = "period"
# Filters that have as many values as things, or nearly: no facets.
LINKS = ("organisation", "consortium", "broader")
_TOKEN = re.compile(r"\^|\+|/|\||\(|\)|[a-z]+:[A-Za-z]+")
_TABLES = {compact(relation.property): relation.name for relation in RELATIONS}
# Projects have themes too, though their list has no filter by them.
_MORE = {"theme": {"project": "sikg:theme", "consortium": "sikg:theme"}}


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet of a kind of thing: its values with the number of things, most first.

    Values are keys, with the segment that they are of, or years; `unknown` counts what has none.
    """

    name: str
    segment: str | None
    values: tuple[tuple[str, int], ...]
    unknown: int


@dataclass(frozen=True, slots=True)
class Facets:
    """The facets of a kind, and how many things there are in all after filters."""

    kind: str
    things: int
    facets: tuple[Facet, ...]


def make_facets(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of facets from the relations, by the paths of the lists' filters."""
    connection.execute(
        "CREATE TABLE facet (kind VARCHAR, name VARCHAR, thing INTEGER, value INTEGER, "
        "period VARCHAR)"
    )
    for item in FILTERS:
        for kind, path in {**item.paths, **_MORE.get(item.name, {})}.items():
            if item.name not in LINKS:
                connection.execute(
                    f"INSERT INTO facet SELECT DISTINCT $kind, $name, subject, object, NULL "
                    f"FROM ({path_sql(path)}) AS path "
                    "JOIN thing ON thing.id = subject AND thing.kind = $kind "
                    "JOIN thing AS value ON value.id = object AND value.kind = $segment",
                    {"kind": kind, "name": item.name, "segment": item.segment},
                )
    connection.execute(f"""
        INSERT INTO facet
        SELECT thing.kind, '{PERIOD}', thing.id, NULL, started.year
        FROM started JOIN thing ON thing.id = started.thing WHERE thing.kind IS NOT NULL;
        CREATE TABLE facet_counts AS
        SELECT kind, name, value, period, count(*)::BIGINT AS things
        FROM facet GROUP BY ALL ORDER BY ALL;
        CREATE TABLE facet_things AS
        SELECT kind, name, count(DISTINCT thing)::BIGINT AS things FROM facet
        GROUP BY ALL ORDER BY ALL;
        CREATE TABLE kind_counts AS
        SELECT thing.kind, count(*)::BIGINT AS things FROM thing
        WHERE id IN (SELECT subject FROM is_a) AND kind IS NOT NULL GROUP BY ALL ORDER BY ALL;
        CREATE TABLE listed AS
        WITH named AS (
          SELECT subject, arg_min(value, (language IS DISTINCT FROM 'en', language, value)) AS name
          FROM label GROUP BY subject
        )
        SELECT id AS thing, thing.kind, row_number() OVER (ORDER BY
          regexp_replace(lower(strip_accents(name)), '^[^\\pL\\pN]+', '') NULLS LAST, id
        )::INTEGER AS place
        FROM thing LEFT JOIN named ON named.subject = id
        WHERE thing.kind IS NOT NULL AND id IN (SELECT subject FROM is_a) ORDER BY place""")


def path_sql(path: str) -> str:
    """Write a property path of the filters as a question for pairs `subject` and `object`.

    Known are alternatives, sequences, inverses, groups, and `+` behind a single property.
    """
    tokens = _TOKEN.findall(path)
    if "".join(tokens) != path:
        raise ValueError(f"the path {path!r} has more than is known here")
    sql, rest = _alternative(tokens)
    if rest:
        raise ValueError(f"the path {path!r} ends too early")
    return sql


def _alternative(tokens: list[str]) -> tuple[str, list[str]]:
    sql, rest = _sequence(tokens)
    while rest[:1] == ["|"]:
        other, rest = _sequence(rest[1:])
        sql = f"{sql} UNION {other}"
    return sql, rest


def _sequence(tokens: list[str]) -> tuple[str, list[str]]:
    sql, rest = _step(tokens)
    while rest[:1] == ["/"]:
        other, rest = _step(rest[1:])
        sql = (
            f"SELECT near.subject, far.object FROM ({sql}) AS near JOIN ({other}) AS far "
            "ON far.subject = near.object"
        )
    return sql, rest


def _step(tokens: list[str]) -> tuple[str, list[str]]:
    first, rest = tokens[0], tokens[1:]
    if first == "^":
        sql, rest = _step(rest)
        return f"SELECT object AS subject, subject AS object FROM ({sql})", rest
    if first == "(":
        sql, rest = _alternative(rest)
        return f"SELECT subject, object FROM ({sql})", rest[1:]
    table = _TABLES[first]
    if rest[:1] == ["+"]:
        return f"SELECT subject, object FROM {table}_all WHERE subject <> object", rest[1:]
    return f"SELECT subject, object FROM {table}", rest


def kinds(facts: Facts) -> dict[str, int]:
    """Count the things of each kind."""
    return dict(facts.ask("SELECT kind, things FROM kind_counts ORDER BY kind"))


def all_facets() -> list[str]:
    """Name the facets of all kinds that stand for links."""
    return [*dict.fromkeys(item.name for item in FILTERS if item.name not in LINKS)]


def filters_of(kind: str) -> dict[str, Filter]:
    """Give the facets of a kind that stand for links, by name."""
    return {
        item.name: item
        for item in FILTERS
        if item.name not in LINKS and (kind in item.paths or kind in _MORE.get(item.name, {}))
    }


def facets(facts: Facts, kind: str, chosen: Mapping[str, str], most: int) -> Facets:
    """Count the things of a kind that all chosen filters keep, by the values of each facet.

    `chosen` has keys by facet, or a year for the period; `most` is the number of values given of
    each. NotFoundError for an unknown kind, ParameterError for an unknown facet or value.
    """
    counted = kinds(facts)
    if kind not in counted:
        raise NotFoundError(f"there is no kind “{kind[:80]}”{near(kind, counted)}")
    known = filters_of(kind)
    kept, values = _kept(facts, kind, known, chosen)
    if kept is None:
        total = counted[kind]
        source = "SELECT name, value, period, things FROM facet_counts WHERE kind = $kind"
        having = "SELECT name, things FROM facet_things WHERE kind = $kind"
    else:
        total = int(facts.ask(f"SELECT count(*) FROM ({kept})", values)[0][0])
        only = f"kind = $kind AND thing IN ({kept})"
        source = (
            f"SELECT name, value, period, count(*) AS things FROM facet WHERE {only} GROUP BY ALL"
        )
        having = f"SELECT name, count(DISTINCT thing) FROM facet WHERE {only} GROUP BY name"
    found = facts.ask(
        f"SELECT name, coalesce(thing.key, period), things FROM ({source}) "
        "LEFT JOIN thing ON thing.id = value ORDER BY name, things DESC, 2",
        {"kind": kind, **values},
    )
    with_any = dict(facts.ask(having, {"kind": kind, **values}))
    names = [*known, PERIOD] if PERIOD in with_any or kept is not None else list(known)
    return Facets(kind, total, tuple(_facets(names, known, found, with_any, total, most)))


def _facets(  # what was counted, part by part
    names: list[str],
    known: Mapping[str, Filter],
    found: list[tuple[Any, ...]],
    with_any: Mapping[str, int],
    total: int,
    most: int,
) -> Iterator[Facet]:
    for name in names:
        values = [(str(key), int(count)) for of, key, count in found if of == name]
        segment = known[name].segment if name in known else None
        yield Facet(name, segment, tuple(values[:most]), total - with_any.get(name, 0))


def _kept(
    facts: Facts, kind: str, known: Mapping[str, Filter], chosen: Mapping[str, str]
) -> tuple[str | None, dict[str, Any]]:
    """Write the question for the things that all chosen filters keep; None where there is none."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    for place, (name, key) in enumerate(chosen.items()):
        if name not in known and name != PERIOD:
            raise ParameterError(
                f"{kind} has no facet “{name[:80]}”{near(name, [*known, PERIOD])} "
                f"(it has: {', '.join([*known, PERIOD])})"
            )
        if name == PERIOD:
            matched = f"period = $v{place}"
            values[f"v{place}"] = _year(key)
        else:
            matched = f"value = $v{place}"
            values[f"v{place}"] = _number(facts, known[name], key)
        parts.append(
            f"SELECT thing FROM facet WHERE kind = $kind AND name = $n{place} AND {matched}"
        )
        values[f"n{place}"] = name
    if not parts:
        return None, {}
    return " INTERSECT ".join(parts), {**values, "kind": kind}


def _year(text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}", text):
        raise ParameterError(f"period cannot be “{text[:80]}”: expected is a year of four digits")
    return text


def _number(facts: Facts, item: Filter, key: str) -> int:
    known: dict[str, int] = facts.remembered(
        ("keys", item.segment),
        lambda: dict(
            facts.ask("SELECT key, id FROM thing WHERE kind = $kind", {"kind": item.segment})
        ),
    )
    if key not in known:
        raise ParameterError(
            f"{item.name} cannot be “{key[:80]}”{near(key, known)}: expected is the key of a "
            f"{item.segment}, as in its address id/{item.segment}/KEY"
        )
    return known[key]
