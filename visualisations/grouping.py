"""Communities as groups to be drawn: what each is called in addresses, and their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph.networks.measuring import Grouping

_GROUPS = 300  # communities that are told apart
UNLINKED, OTHERS = "community/unlinked", "community/others"


def communities(nodes: Sequence[int], grouping: Grouping | None) -> Mapping[int, tuple[str]]:
    """Give the group of each node, by number; the grouping numbers them by their places."""
    members = [None] * len(nodes) if grouping is None else grouping.of(len(nodes))
    return {node: (_key(number),) for node, number in zip(nodes, members, strict=True)}


def _key(number: int | None) -> str:
    if number is None:
        return UNLINKED
    return f"community/{number}" if number < _GROUPS else OTHERS


def by_number(key: str) -> tuple[int, str]:
    """Order communities by their numbers, and after them the others."""
    number = key.partition("/")[2]
    return int(number) if number.isdecimal() else _GROUPS, key
