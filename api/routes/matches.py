"""The page of proposed matches: each pair side by side, with the line that would judge it.

It only shows. The ledger is a file of the workspace, which the builder keeps under version control;
this service knows only releases, and a form that writes would need the token in the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.dependencies import CurrentReader, CurrentService, KnownParameters
from api.rendering import page
from graph.identities.ledger import ledger_line
from graph.identities.matching import Match
from graph.identities.profiles import Profile, read_profiles
from graph.identities.proposals import FILE, Fact, judgement_of, read_proposals, side_by_side

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])

_PAGE = 10
_REVIEWER = "Your name"  # to be replaced in the copied line


@dataclass(frozen=True, slots=True)
class Pair:
    """What the page shows of a proposal: both sides, and the lines to copy."""

    match: Match
    left: str
    right: str
    facts: Sequence[Fact]
    same: str
    different: str


@router.get("/matches")
def show_matches(
    service: CurrentService,
    reader: CurrentReader,
    start: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Response:
    """Show the proposed matches that are not joined in this release."""
    merged = reader.dataset.redirects.targets
    waiting = [
        match
        for match in read_proposals(service.settings.home / FILE)
        if match.left not in merged and match.right not in merged
    ]
    shown = waiting[start - 1 : start - 1 + _PAGE]
    things = {thing for match in shown for thing in match.pair}
    found = read_profiles(reader.dataset.store, reader.identity, things) if things else []
    profiles = {profile.thing: profile for profile in found}
    # What this release says nothing of may have been taken down since it was proposed.
    shown = [match for match in shown if profiles.keys() >= set(match.pair)]
    return page(
        "matches.html",
        pairs=[_pair(match, profiles) for match in shown],
        total=len(waiting),
        start=start,
        following=start + _PAGE if len(waiting) >= start + _PAGE else None,
        previous=max(start - _PAGE, 1) if start > 1 else None,
        release=reader.dataset.release.manifest,
        languages=reader.languages,
    )


def _pair(match: Match, profiles: dict[str, Profile]) -> Pair:
    left, right = profiles[match.left], profiles[match.right]
    today = datetime.now(UTC).date()
    same, different = (
        ledger_line(judgement_of(match, word, _REVIEWER, today)) for word in ("same", "different")
    )
    facts = side_by_side(left, right)
    return Pair(match, _name(left), _name(right), facts, same, different)


def _name(profile: Profile) -> str:
    return profile.names[0] if profile.names else profile.thing
