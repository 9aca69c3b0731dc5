"""Sorts of money: what has the same kind, phase and currency, and alone can be added.

Beside them stand the numbers of other texts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from graph.facts.cubes import MONEY
from graph.facts.reading import Facts

# Kind, phase and currency, which amounts must have in common to be added.
Sort = tuple[str | None, str | None, str | None]


def sorts(facts: Facts) -> Mapping[int, Sort]:
    """Give all sorts by their numbers in the tables; several texts stand together in one."""
    sql = "SELECT sort, kind, phase, currency FROM money_sorts"
    return facts.kept(
        "sorts", lambda: {number: (kind, *rest) for number, kind, *rest in facts.ask(sql)}
    )


def having(facts: Facts, name: str, texts: Collection[str | None]) -> list[int]:
    """Give the numbers of the sorts whose kind, phase or currency is one of these texts."""
    place = MONEY.index(name)
    return sorted(number for number, sort in sorts(facts).items() if sort[place] in texts)


def places(facts: Facts, column: str) -> Mapping[str, int]:
    """Give the numbers that stand for the texts of a column, such as years, in the tables."""
    sql = "SELECT text, place FROM money_texts WHERE name = $name"
    return facts.kept(f"places of {column}", lambda: dict(facts.ask(sql, {"name": column})))
