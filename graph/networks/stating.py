"""The rows that state a link: those that name both of its ends, or its reason and an end."""

from __future__ import annotations

from collections.abc import Iterable

from graph.engine import Engine, Query
from graph.identity import Identity
from graph.networks.attributes import UNDERTAKINGS
from graph.networks.projection import kind_of
from graph.rows import Receipts, read_receipts
from graph.terms import iri

MOST = 50  # rows of a pair

_NAMING = Query(f"""
SELECT DISTINCT ?graph WHERE {{
  VALUES ?one {{ UNDEF }}
  VALUES ?other {{ UNDEF }}
  {{ GRAPH ?graph {{ ?one ?p ?o }} }} UNION {{ GRAPH ?graph {{ ?s ?p ?one }} }}
  FILTER(EXISTS {{ GRAPH ?graph {{ ?other ?q ?v }} }}
    || EXISTS {{ GRAPH ?graph {{ ?t ?q ?other }} }})
}}
LIMIT {MOST}
""")


def rows_of_link(
    engine: Engine, identity: Identity, ends: tuple[str, str], reasons: Iterable[str | None]
) -> dict[str | None, Receipts]:
    """Give the rows behind a link by its reason.

    For something that is done, these name it and one of the ends; for all other reasons (a
    property, a role, a text), and for None, they name both ends. At most 50 of each pair.
    """
    both = None
    found: dict[str | None, Receipts] = {}
    for reason in reasons:
        if reason is not None and kind_of(identity, reason) in UNDERTAKINGS:
            graphs = [*_naming(engine, reason, ends[0]), *_naming(engine, reason, ends[1])]
            found[reason] = read_receipts(engine, identity, graphs)
            continue
        if both is None:
            both = read_receipts(engine, identity, _naming(engine, *ends))
        found[reason] = both
    return found


def _naming(engine: Engine, one: str, other: str) -> list[str]:
    """Name the graphs that say something with both things."""
    return list(engine.select(_NAMING.bind(one=iri(one), other=iri(other))).values("graph"))
