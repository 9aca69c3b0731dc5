"""What is behind a sum: the amounts that it is made of, and what is counted beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from graph.facts.dimensions import TABLES, Values
from graph.facts.filtering import conditions
from graph.facts.reading import Facts

_TABLE = TABLES["funding"]
_HELD = tuple(item for item in _TABLE.dimensions if item.values is Values.SEVERAL)
_PLAIN = tuple(item for item in _TABLE.dimensions if item.values is not Values.SEVERAL)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount, or a project or practice without any, with what it is of.

    `keys` are by dimension: empty where unknown, several where these share the amount. `value` is
    None where sources disagree (`disputed`) and where there is no amount (`missing`); `adds` tells
    whether it is in a sum, which it is not where its kind, phase or currency is open.
    """

    iri: str
    value: Decimal | None
    adds: bool
    disputed: bool
    missing: bool
    keys: Mapping[str, tuple[str, ...]]


def behind(
    facts: Facts, filters: Mapping[str, str], limit: int, offset: int = 0
) -> tuple[list[Amount], int]:
    """Give what some filters by dimension find, the largest amounts first, and how many it is.

    ParameterError as for aggregates.
    """
    kept = conditions(facts, _TABLE, filters)
    where = " AND ".join(["true", *kept.all])
    found = facts.ask(_question(where, limit, offset), kept.values)
    counted = f"SELECT count(*) FROM {_TABLE.source} AS facts WHERE {where}"
    return [_amount(line) for line in found], int(facts.ask(counted, kept.values)[0][0])


def _question(where: str, limit: int, offset: int) -> str:
    order = "ORDER BY summed DESC NULLS LAST, value DESC NULLS LAST, missing, facts.id"
    joins = " ".join(
        f"LEFT JOIN {item.column}_set ON {item.column}_set.held = facts.{item.column}"
        for item in _HELD
    )
    keys = [f"{item.column}_set.json" for item in _HELD]
    texts = [f"facts.{item.column}" for item in _PLAIN]
    return (
        f"WITH page AS (SELECT * FROM {_TABLE.source} AS facts WHERE {where} {order} "
        f"LIMIT {int(limit)} OFFSET {int(offset)}) "
        "SELECT thing.iri, facts.value, facts.summed IS NOT NULL, "
        f"NOT facts.missing AND facts.value IS NULL, facts.missing, {', '.join([*keys, *texts])} "
        f"FROM page AS facts JOIN thing ON thing.id = facts.id {joins} {order}"
    )


def _amount(line: tuple[Any, ...]) -> Amount:
    iri, value, adds, disputed, missing, *held = line
    keys = {
        item.name: () if found is None else tuple(json.loads(found))
        for item, found in zip(_HELD, held, strict=False)
    }
    texts = held[len(_HELD) :]
    keys |= {
        item.name: () if found is None else tuple(str(found).split("; "))
        for item, found in zip(_PLAIN, texts, strict=True)
    }
    return Amount(iri, value, adds, disputed, missing, keys)
