"""The page of proposed matches: each pair side by side, and judgements on them.

It writes where the operator names a ledger, and only for who has a token. Elsewhere it shows the
line by which the ledger of the workspace would judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import CurrentReader, CurrentService, KnownParameters, Reader
from api.judging import judge
from api.posting import authorization_of, read_form
from api.rendering import page
from api.settings import Settings
from api.tokens import Token
from graph.errors import ParameterError
from graph.identities.judging import add_judgements, judgements_of
from graph.identities.ledger import Judgement, Word, ledger_line
from graph.identities.matching import Match
from graph.identities.profiles import Profile, read_profiles
from graph.identities.proposals import (
    FILE,
    Fact,
    judged_pairs,
    judgement_of,
    read_proposals,
    side_by_side,
)
from graph.labels import read_names

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])

_PAGE = 10
_REVIEWER = "Your name"  # to be replaced in the copied line
_WORDS: Mapping[str, Word] = {"same": "same", "different": "different"}
_WHY = "why "  # begins the name of the field that holds the reason for a judgement

Start = Annotated[int, Query(ge=1, le=1_000_000)]


@dataclass(frozen=True, slots=True)
class Pair:
    """What the page shows of a proposal: both sides, and the lines to copy."""

    match: Match
    left: str
    right: str
    facts: Sequence[Fact]
    same: str
    different: str

    @property
    def field(self) -> str:
        """Name the field of the form that judges it."""
        return _field(self.match)


@router.get("/matches")
def show_matches(service: CurrentService, reader: CurrentReader, start: Start = 1) -> Response:
    """Show the proposed matches that nobody has judged and that are not joined in this release."""
    return _shown(service.settings, reader, start)


@router.post("/matches")
async def judge_matches(
    request: Request, service: CurrentService, reader: CurrentReader, start: Start = 1
) -> Response:
    """Write judgements on proposed matches to the ledger, and show what is left."""
    fields = await read_form(request)
    authorization = authorization_of(request, fields)
    made = partial(_judge, service.settings, reader, authorization, fields)
    written = await service.answers.run(made)
    return await service.answers.run(partial(_shown, service.settings, reader, start, written))


def _judge(
    settings: Settings, reader: Reader, authorization: str, fields: Mapping[str, str]
) -> int:
    """Write what a form judges; give the number of judgements."""
    ledger, token = judge(settings, reader.identity, authorization)
    waiting = {_field(match): match for match in _waiting(settings, reader)}
    new = list(_judgements(waiting, fields, token))
    add_judgements(ledger, new)
    return len(new)


def _judgements(
    waiting: Mapping[str, Match], fields: Mapping[str, str], token: Token
) -> Iterator[Judgement]:
    today = datetime.now().astimezone().date()
    for name, word in fields.items():
        match = waiting.get(name.removeprefix(_WHY))
        if match is None:
            raise ParameterError(f"no proposal about {name[:160]!r} waits for a judgement")
        if name.startswith(_WHY) or not word:
            continue
        if word not in _WORDS:
            raise ParameterError(f"{word[:80]!r} is none of {', '.join(_WORDS)}")
        reason = fields.get(f"{_WHY}{name}", "")
        yield judgement_of(match, _WORDS[word], token.name, today, reason)


def _waiting(settings: Settings, reader: Reader) -> list[Match]:
    """Give the proposals that nobody has judged and that are not joined in this release."""
    merged = reader.dataset.redirects.targets
    ledger = settings.ledger
    judged = judged_pairs(judgements_of(ledger), merged) if ledger is not None else ()
    return [
        match
        for match in read_proposals(settings.home / FILE)
        if match.left not in merged and match.right not in merged and match.pair not in judged
    ]


def _shown(settings: Settings, reader: Reader, start: int, written: int | None = None) -> Response:
    waiting = _waiting(settings, reader)
    shown = waiting[start - 1 : start - 1 + _PAGE]
    things = {thing for match in shown for thing in match.pair}
    found = read_profiles(reader.dataset.store, reader.identity, things) if things else []
    profiles = {profile.thing: profile for profile in found}
    # What this release says nothing of may have been taken down since it was proposed.
    shown = [match for match in shown if profiles.keys() >= set(match.pair)]
    names = {name: reader.identity.base + "id/" + name for name in profiles}
    labels = read_names(reader.dataset.store, reader.identity, names.values())
    told = {name: labels[iri].label(reader.languages).text for name, iri in names.items()}
    today = datetime.now().astimezone().date()
    return page(
        "matches.html",
        pairs=[_pair(match, profiles, told, today) for match in shown],
        total=len(waiting),
        start=start,
        following=start + _PAGE if len(waiting) >= start + _PAGE else None,
        previous=max(start - _PAGE, 1) if start > 1 else None,
        release=reader.dataset.release.manifest,
        writes=settings.ledger is not None,
        ledger=Path(settings.ledger or "identities.csv").name,
        written=written,
        languages=reader.languages,
    )


def _pair(
    match: Match, profiles: Mapping[str, Profile], names: Mapping[str, str], today: date
) -> Pair:
    left, right = profiles[match.left], profiles[match.right]
    same, different = (
        ledger_line(judgement_of(match, word, _REVIEWER, today)) for word in ("same", "different")
    )
    facts = side_by_side(left, right)
    return Pair(match, names[match.left], names[match.right], facts, same, different)


def _field(match: Match) -> str:
    return f"{match.left} {match.right}"
