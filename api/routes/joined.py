"""The page of what identifiers joined without asking anybody, and taking that apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import CurrentReader, CurrentService, KnownParameters, Reader
from api.judging import judge
from api.posting import authorization_of, read_form
from api.rendering import page
from api.settings import Settings
from api.speaking import Spoken
from api.tokens import Token
from graph.errors import ParameterError
from graph.identities.history import separation
from graph.identities.judging import add_judgements, judgements_of
from graph.identities.ledger import Judgement, in_force
from graph.identities.redirects import Joined, joined_by_identifiers
from graph.labels import read_names

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])

_PAGE = 20
_DIFFERENT = "different"

Start = Annotated[int, Query(ge=1, le=1_000_000)]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows of two things that are one: the label, and both addresses."""

    joined: Joined
    label: Spoken

    @property
    def field(self) -> str:
        """Name the field of the form that takes them apart."""
        return " ".join(self.joined.pair)


@router.get("/matches/joined")
def show_joined(service: CurrentService, reader: CurrentReader, start: Start = 1) -> Response:
    """Show what identifiers joined in this release and nobody judged different."""
    return _shown(service.settings, reader, start)


@router.post("/matches/joined")
async def separate(
    request: Request, service: CurrentService, reader: CurrentReader, start: Start = 1
) -> Response:
    """Judge things that identifiers joined to be different, and show what is left."""
    fields = await read_form(request)
    authorization = authorization_of(request, fields)
    made = partial(_separate, service.settings, reader, authorization, fields)
    written = await service.answers.run(made)
    return await service.answers.run(partial(_shown, service.settings, reader, start, written))


def _separate(
    settings: Settings, reader: Reader, authorization: str, fields: Mapping[str, str]
) -> int:
    ledger, token = judge(settings, reader.identity, authorization)
    known = {" ".join(found.pair): found for found in _waiting(settings, reader)}
    new = list(_separations(known, fields, token))
    add_judgements(ledger, new)
    return len(new)


def _separations(
    known: Mapping[str, Joined], fields: Mapping[str, str], token: Token
) -> Iterator[Judgement]:
    today = datetime.now().astimezone().date()
    for name, word in fields.items():
        if name == "why":
            continue
        found = known.get(name)
        if found is None:
            raise ParameterError(f"identifiers did not join {name[:160]!r} in this release")
        if word != _DIFFERENT:
            raise ParameterError(f"{word[:80]!r} is not {_DIFFERENT}")
        yield separation(found, token.name, today, fields.get("why", ""))


def _waiting(settings: Settings, reader: Reader) -> list[Joined]:
    """Give what identifiers joined in this release, and no line of the ledger takes apart."""
    joined = joined_by_identifiers(reader.dataset.release.path)
    valid = in_force(judgements_of(settings.ledger)) if settings.ledger is not None else {}
    apart = {pair for pair, item in valid.items() if item.judgement == _DIFFERENT}
    return [found for found in joined if found.pair not in apart]


def _shown(settings: Settings, reader: Reader, start: int, written: int | None = None) -> Response:
    waiting = _waiting(settings, reader)
    listed = waiting[start - 1 : start - 1 + _PAGE]
    iris = {found.canonical: f"{reader.identity.base}id/{found.canonical}" for found in listed}
    names = read_names(reader.dataset.store, reader.identity, iris.values())
    return page(
        "joined.html",
        pairs=[
            Shown(found, names[iris[found.canonical]].label(reader.languages)) for found in listed
        ],
        total=len(waiting),
        start=start,
        following=start + _PAGE if len(waiting) >= start + _PAGE else None,
        previous=max(start - _PAGE, 1) if start > 1 else None,
        release=reader.dataset.release.manifest,
        ledger=settings.ledger.name if settings.ledger is not None else None,
        written=written,
        languages=reader.languages,
    )
