"""Facets: what things of a kind can be filtered by, and the tables of what has which value."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from graph.facts.reading import Facts
from graph.facts.relations import RELATIONS
from graph.listing import FILTERS, Filter
from ontology import compact

if TYPE_CHECKING:
    import duckdb

# Writes a part of a path as a question, for all objects or those of another question.
_Write: TypeAlias = Callable[[str], str]

PERIOD = "period"
# Filters that have as many values as things, or nearly: no facets.
LINKS = ("organisation", "consortium", "broader")
_TOKEN = re.compile(r"\^|\+|/|\||\(|\)|[a-z]+:[A-Za-z]+")
_TABLES = {compact(relation.property): relation.name for relation in RELATIONS}
# Projects have themes too, though their list has no filter by them.
_MORE = {"theme": {"project": "sikg:theme", "consortium": "sikg:theme"}}


def make_facets(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of facets from the relations, by the paths of the lists' filters."""
    connection.execute(
        "CREATE TEMP TABLE held "
        "(kind VARCHAR, name VARCHAR, thing INTEGER, value INTEGER, period VARCHAR)"
    )
    for item in FILTERS:
        for kind, path in {**item.paths, **_MORE.get(item.name, {})}.items():
            if item.name not in LINKS:
                connection.execute(
                    "INSERT INTO held SELECT DISTINCT $kind, $name, subject, object, NULL "
                    f"FROM ({path_sql(path)}) AS path "
                    "JOIN thing ON thing.id = subject AND thing.kind = $kind "
                    "JOIN thing AS value ON value.id = object AND value.kind = $segment",
                    {"kind": kind, "name": item.name, "segment": item.segment},
                )
    connection.execute(f"""
        INSERT INTO held
        SELECT thing.kind, '{PERIOD}', thing.id, NULL, started.year
        FROM started JOIN thing ON thing.id = started.thing WHERE thing.kind IS NOT NULL;
        -- A question looks at few kinds, and a filter at one facet: the rest is passed over.
        CREATE TABLE facet AS FROM held ORDER BY kind, name, value, period, thing;
        DROP TABLE held;
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


def path_sql(path: str, ends: str = "") -> str:
    """Write a property path of the filters as a question for pairs `subject` and `object`.

    Known are alternatives, sequences, inverses, groups, and `+` behind a single property. `ends`
    is a question for the only objects that are wanted, asked where a path begins to be long.
    """
    tokens = _TOKEN.findall(path)
    if "".join(tokens) != path:
        raise ValueError(f"the path {path!r} has more than is known here")
    write, rest = _alternative(tokens)
    if rest:
        raise ValueError(f"the path {path!r} ends too early")
    return write(ends)


def _alternative(tokens: list[str]) -> tuple[_Write, list[str]]:
    first, rest = _sequence(tokens)
    either = [first]
    while rest[:1] == ["|"]:
        other, rest = _sequence(rest[1:])
        either.append(other)
    return lambda ends: " UNION ".join(write(ends) for write in either), rest


def _sequence(tokens: list[str]) -> tuple[_Write, list[str]]:
    first, rest = _step(tokens)
    steps = [first]
    while rest[:1] == ["/"]:
        other, rest = _step(rest[1:])
        steps.append(other)

    def write(ends: str) -> str:
        # From the last step on, which alone leads to what is wanted.
        sql = steps[-1](ends)
        for step in reversed(steps[:-1]):
            sql = (
                f"SELECT near.subject, far.object FROM ({step('')}) AS near JOIN ({sql}) AS far "
                "ON far.subject = near.object"
            )
        return sql

    return write, rest


def _step(tokens: list[str]) -> tuple[_Write, list[str]]:
    first, rest = tokens[0], tokens[1:]
    if first == "^":
        back, rest = _step(rest)
        sql = f"SELECT object AS subject, subject AS object FROM ({back('')})"
    elif first == "(":
        group, rest = _alternative(rest)
        return lambda ends: f"SELECT subject, object FROM ({group(ends)})", rest[1:]
    elif rest[:1] == ["+"]:
        sql = f"SELECT subject, object FROM {_TABLES[first]}_all WHERE subject <> object"
        rest = rest[1:]
    else:
        sql = f"SELECT subject, object FROM {_TABLES[first]}"
    return lambda ends: f"SELECT * FROM ({sql}) WHERE object IN ({ends})" if ends else sql, rest


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
