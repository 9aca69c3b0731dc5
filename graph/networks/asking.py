"""What can be asked of a network: filters, a centre, a way, and what is drawn as one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from graph.errors import ParameterError
from graph.facts.dimensions import UNKNOWN
from graph.facts.facets import PERIOD, all_facets

Collapse = Literal["country", "theme", "community", "none"]
Ends = Literal["both", "one"]

DEEPEST = 3
_LONGEST = 2000  # characters of a value
_PERIOD = re.compile(r"[0-9]{4}(-[0-9]{4})?")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a map.

    `filters` has the values of each facet; `ends` tells whether both ends of a link must pass
    them; `centre`, `source` and `target` name nodes; `opened` names groups that are drawn as
    their members though the rest is collapsed.
    """

    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    kinds: tuple[str, ...] = ()
    ends: Ends = "both"
    centre: str | None = None
    depth: int = 1
    source: str | None = None
    target: str | None = None
    collapse: Collapse | None = None
    opened: tuple[str, ...] = ()

    def parameters(self) -> dict[str, str]:
        """Give what is asked as the parameters of an address; what is left open is left out."""
        found = {name: ",".join(values) for name, values in self.filters}
        texts = {
            "kind": ",".join(self.kinds),
            "ends": "" if self.ends == "both" else self.ends,
            "centre": self.centre,
            "depth": str(self.depth) if self.centre and self.depth > 1 else "",
            "from": self.source,
            "to": self.target,
            "collapse": self.collapse,
            "open": ",".join(self.opened),
        }
        return found | {name: text for name, text in texts.items() if text}


def facet_names() -> tuple[str, ...]:
    """Name the facets that networks can be filtered by."""
    return (*all_facets(), PERIOD)


def read_asked(given: Mapping[str, str]) -> Asked:
    """Read what is asked from the parameters of an address; others are passed over.

    ParameterError for a value that is impossible in any map.
    """
    filters = tuple(
        (name, _several(name, given[name])) for name in facet_names() if given.get(name)
    )
    for name, values in filters:
        for value in values:
            if name == PERIOD and value != UNKNOWN:
                years_of(value)
    asked = Asked(
        filters,
        _several("kind", given.get("kind", "")),
        cast("Ends", _one_of("ends", given.get("ends") or "both", get_args(Ends))),
        given.get("centre") or None,
        _depth(given.get("depth") or "1"),
        given.get("from") or None,
        given.get("to") or None,
        cast("Collapse | None", _one_of("collapse", given.get("collapse"), get_args(Collapse))),
        _several("open", given.get("open", "")),
    )
    if (asked.source is None) != (asked.target is None):
        raise ParameterError("a way needs both of its ends: from and to")
    if asked.centre and asked.source:
        raise ParameterError("centre and from cannot be asked at once: leave one of them out")
    return asked


def years_of(text: str) -> range:
    """Read a year, or years from the first to the last; ParameterError otherwise."""
    first, _, last = text.partition("-")
    if not _PERIOD.fullmatch(text) or (last and int(last) < int(first)):
        raise ParameterError(
            f"period cannot be “{text[:80]}”: expected is a year of four digits, "
            f"several from the first to the last such as 2021-2027, or {UNKNOWN}"
        )
    return range(int(first), int(last or first) + 1)


def _several(name: str, text: str) -> tuple[str, ...]:
    if len(text) > _LONGEST:
        raise ParameterError(f"{name} has more than {_LONGEST:,} characters: ask for less at once")
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _one_of(name: str, value: str | None, known: tuple[str, ...]) -> str | None:
    if value and value not in known:
        raise ParameterError(f"{name} cannot be “{value[:80]}”; it can be {', '.join(known)}")
    return value or None


def _depth(text: str) -> int:
    if text not in {str(depth) for depth in range(1, DEEPEST + 1)}:
        raise ParameterError(f"depth cannot be “{text[:20]}”: it is a number from 1 to {DEEPEST}")
    return int(text)
