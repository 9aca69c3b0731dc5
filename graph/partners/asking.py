"""What is asked for when a partner is looked for: by whom, on what, in which roles and places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.errors import ParameterError
from graph.facts.dimensions import UNKNOWN, near
from graph.facts.reading import Facts
from graph.partners.aspects import ASPECTS, HEAVIEST

PERIOD = "period"
# The filters of other pages that organisations have, and of which kind their values are.
FILTERS: Mapping[str, str] = {
    "theme": "theme",
    "target-group": "target-group",
    "role": "role",
    "country": "country",
    "type": "organisation-type",
    "programme": "programme",
}
_COMPARED = 5000  # keys that an unknown one is compared with
_OFFERED = 300  # keys of one filter
_CHOICES = """
SELECT profile.aspect, thing.key
FROM (SELECT aspect, value, count(*) AS number FROM partner_profile GROUP BY ALL) AS profile
JOIN thing ON thing.id = profile.value AND profile.aspect NOT IN ('period', 'doing')
QUALIFY row_number() OVER (PARTITION BY aspect ORDER BY number DESC, key) <= $most
ORDER BY aspect, key
"""
_YEARS = re.compile(r"([0-9]{4})(?:-([0-9]{4}))?")


@dataclass(frozen=True, slots=True)
class Filter:
    """What one aspect of a partner has to be: one of some things or years, or unknown."""

    name: str
    values: tuple[int, ...]
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks, by number of the thing, what a partner has to be, and what counts how much.

    `day` is the day on which calls have to be open, as an ISO date.
    """

    day: str
    organisation: int | None = None
    filters: tuple[Filter, ...] = ()
    weights: Mapping[str, int] = field(default_factory=dict)

    def values(self, name: str) -> tuple[int, ...]:
        """Give the values that are wanted of an aspect; none where all will do."""
        return next((item.values for item in self.filters if item.name == name), ())

    def weight(self, name: str) -> int:
        """Give the weight of an aspect: as asked, or the usual one."""
        return self.weights.get(name, ASPECTS[name].weight)


def read_question(
    facts: Facts,
    chosen: Mapping[str, str],
    *,
    day: str,
    organisation: str | None = None,
    weights: Mapping[str, int] | None = None,
) -> Question:
    """Read a question from keys by filter, and the key of the organisation that asks.

    NotFoundError where the release has no tables for it, ParameterError for a key of nothing, an
    impossible period, a weight of no aspect, or where nothing is asked at all.
    """
    filters = tuple(_filter(facts, name, text) for name, text in chosen.items() if text)
    if organisation is None and not filters:
        raise ParameterError(
            "say who you are (organisation) or what you look for: one of "
            f"{', '.join([*FILTERS, PERIOD])}"
        )
    for name, weight in (weights or {}).items():
        if name not in ASPECTS or not 0 <= weight <= HEAVIEST:
            raise ParameterError(f"the weight of {name[:40]} is not from 0 to {HEAVIEST}")
    asking = None if organisation is None else numbers(facts, "organisation", [organisation])[0]
    return Question(day, asking, filters, dict(weights or {}))


def numbers(facts: Facts, kind: str, keys: list[str]) -> list[int]:
    """Give the numbers of things by their keys; ParameterError, with near ones, for an unknown."""
    found = dict(
        facts.ask(
            "SELECT key, id FROM thing WHERE kind = $kind AND list_contains($keys::VARCHAR[], key)",
            {"kind": kind, "keys": keys},
        )
    )
    for key in keys:
        if key not in found:
            # Of organisations there are too many to compare the key with all of them.
            some = facts.ask(
                "SELECT key FROM thing WHERE kind = $kind ORDER BY id LIMIT $most",
                {"kind": kind, "most": _COMPARED},
            )
            known = [name for (name,) in some]
            raise ParameterError(
                f"there is no {kind} “{key[:80]}”{near(key, known)}: expected is a key, as in the "
                f"address id/{kind}/KEY"
            )
    return [found[key] for key in keys]


def _filter(facts: Facts, name: str, text: str) -> Filter:
    if name not in FILTERS and name != PERIOD:
        raise ParameterError(f"there is no filter “{name[:40]}” of partners{near(name, FILTERS)}")
    keys = list(dict.fromkeys(key.strip() for key in text.split(",") if key.strip()))
    if not keys:
        raise ParameterError(f"{name} names nothing: expected are keys, divided by commas")
    known = [key for key in keys if key != UNKNOWN]
    if name == PERIOD:
        values = {year for key in known for year in _years(key)}
    else:
        values = set(numbers(facts, FILTERS[name], known))
    return Filter(name, tuple(sorted(values)), unknown=UNKNOWN in keys)


def _years(text: str) -> range:
    found = _YEARS.fullmatch(text)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if first > last:
        raise ParameterError(
            f"period cannot be “{text[:80]}”: expected is a year, or two as in 2021-2027"
        )
    return range(first, last + 1)


def choices(facts: Facts) -> Mapping[str, tuple[str, ...]]:
    """Give the keys that each filter can have, those of most organisations, in their order.

    NotFoundError where the release has no tables for it.
    """
    return facts.remembered("choices of partners", lambda: _choices(facts))


def _choices(facts: Facts) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {name: [] for name in FILTERS}
    for aspect, key in facts.ask(_CHOICES, {"most": _OFFERED}):
        if aspect in found:
            found[aspect].append(key)
    return {name: tuple(keys) for name, keys in found.items()}
