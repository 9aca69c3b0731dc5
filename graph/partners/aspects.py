"""What can speak for a partner: the aspects, their usual weights, and roles that complete others.

Points are whole numbers from 0 to 1000, so that a ranking is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

WHOLE = 1000  # points of an aspect that speaks for a partner as much as it can
HEAVIEST = 5


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something that can speak for a partner: its usual weight, and how its points are given."""

    name: str
    weight: int
    method: str


ASPECTS: Mapping[str, Aspect] = {
    aspect.name: aspect
    for aspect in (
        Aspect(
            "theme",
            3,
            "Each theme counts by its rarity, ln(1 + N/n) for n of N organisations, times "
            "k/(k+1) for k things that the partner does on it; divided by the rarity of all "
            "themes that count. Narrower themes count for broader ones.",
        ),
        Aspect("target-group", 2, "As themes."),
        Aspect(
            "role",
            2,
            "k/(k+1) for k things that the partner does in a role that is wanted; where none is "
            "named, in a role of a family that the asking organisation has never had.",
        ),
        Aspect(
            "call",
            1,
            "For the nearest call that is open on the day, or has no known deadline (half of "
            "it): 1/d, where its d-th broader programme has paid for something of both.",
        ),
        Aspect(
            "shared-partner",
            2,
            "s/(s+1), where s adds 1/(1 + ln k) for each organisation that has worked with both, "
            "who have not worked together themselves, and does k things.",
        ),
        Aspect("new", 1, "Whole where the two have never worked together, else nothing."),
        Aspect("experience", 1, "k/(k+3) for k things that the partner does in all."),
    )
}

# Roles by what one does in them. Who only ever had roles of one family is completed by another.
FAMILIES: Mapping[str, frozenset[str]] = {
    "leads": frozenset({"lead-partner", "coordinator", "national-coordinator", "initiator"}),
    "takes part": frozenset({"partner", "participant", "associated-partner", "service-provider"}),
    "carries out": frozenset({"beneficiary", "implementing-body"}),
    "pays": frozenset(
        {
            "funder",
            "granting-authority",
            "intermediary",
            "investor",
            "managing-authority",
            "outcome-payer",
        }
    ),
}


def completing(held: Iterable[str]) -> frozenset[str]:
    """Give the roles of all families of which none is held; none where nothing is held."""
    had = set(held)
    if not had:
        return frozenset()
    return frozenset().union(*(family for family in FAMILIES.values() if not family & had))
