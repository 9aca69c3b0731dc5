"""The page of judgements: the history of each pair in the ledger, and taking judgements back."""

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
from api.tokens import Token
from graph.errors import ParameterError
from graph.identities.history import History, histories, withdrawal
from graph.identities.judging import add_judgements, judgements_of
from graph.identities.ledger import Judgement
from graph.labels import read_names

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])

_PAGE = 10
_WITHDRAWN = "withdrawn"

Start = Annotated[int, Query(ge=1, le=1_000_000)]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the page shows of a pair: its history, both names, and whether they are one now."""

    history: History
    left: str
    right: str
    joined: bool

    @property
    def field(self) -> str:
        """Name the field of the form that takes the judgement back."""
        return " ".join(self.history.pair)

    @property
    def due(self) -> bool:
        """Tell whether the next build changes whether they are one."""
        valid = self.history.valid
        return self.joined != (valid is not None and valid.judgement == "same")


@router.get("/matches/judged")
def show_judgements(service: CurrentService, reader: CurrentReader, start: Start = 1) -> Response:
    """Show what was judged of each pair, what was judged last first."""
    return _shown(service.settings, reader, start)


@router.post("/matches/judged")
async def withdraw_judgements(
    request: Request, service: CurrentService, reader: CurrentReader, start: Start = 1
) -> Response:
    """Take back judgements by lines of the ledger that say so, and show what is there then."""
    fields = await read_form(request)
    authorization = authorization_of(request, fields)
    made = partial(_withdraw, service.settings, reader, authorization, fields)
    written = await service.answers.run(made)
    return await service.answers.run(partial(_shown, service.settings, reader, start, written))


def _withdraw(
    settings: Settings, reader: Reader, authorization: str, fields: Mapping[str, str]
) -> int:
    ledger, token = judge(settings, reader.identity, authorization)
    known = {" ".join(told.pair): told.valid for told in histories(judgements_of(ledger))}
    new = list(_withdrawals(known, fields, token))
    add_judgements(ledger, new)
    return len(new)


def _withdrawals(
    known: Mapping[str, Judgement | None], fields: Mapping[str, str], token: Token
) -> Iterator[Judgement]:
    today = datetime.now().astimezone().date()
    reason = fields.get("why", "")
    for name, word in fields.items():
        if name == "why":
            continue
        valid = known.get(name)
        if valid is None:
            raise ParameterError(f"no judgement on {name[:160]!r} counts that could be taken back")
        if word != _WITHDRAWN:
            raise ParameterError(f"{word[:80]!r} is not {_WITHDRAWN}")
        yield withdrawal(valid, token.name, today, reason)


def _shown(settings: Settings, reader: Reader, start: int, written: int | None = None) -> Response:
    ledger = settings.ledger
    listed = histories(judgements_of(ledger)) if ledger is not None else []
    shown = listed[start - 1 : start - 1 + _PAGE]
    pairs = list(_judged(shown, reader))
    return page(
        "judgements.html",
        pairs=pairs,
        unknown=len(shown) - len(pairs),
        total=len(listed),
        start=start,
        last=start + len(shown) - 1,
        following=start + _PAGE if len(listed) >= start + _PAGE else None,
        previous=max(start - _PAGE, 1) if start > 1 else None,
        release=reader.dataset.release.manifest,
        ledger=ledger.name if ledger is not None else None,
        written=written,
        languages=reader.languages,
    )


def _judged(shown: list[History], reader: Reader) -> Iterator[Judged]:
    """Leave out what this release names nowhere: it may have been taken down since."""
    merged = reader.dataset.redirects.targets
    iris = {
        thing: f"{reader.identity.base}id/{merged.get(thing, thing)}"
        for told in shown
        for thing in told.pair
    }
    names = read_names(reader.dataset.store, reader.identity, iris.values())
    for told in shown:
        left, right = (iris[thing] for thing in told.pair)
        if all(names[iri].texts or names[iri].parts for iri in (left, right)):
            first, second = (names[iri].label(reader.languages).text for iri in (left, right))
            yield Judged(told, first, second, joined=left == right)
