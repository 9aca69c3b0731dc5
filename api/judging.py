"""Judging through the web: the ledger that the operator names, and who may write to it."""

from __future__ import annotations

from pathlib import Path

from api.settings import Settings
from api.tokens import Token, Tokens
from graph.errors import ForbiddenError
from graph.identity import Identity
from graph.writing.ownership import Ownership

# A token judges if it reaches to this graph of edits, as every token without scopes does.
_SCOPE = "identities"


def judge(settings: Settings, identity: Identity, authorization: str) -> tuple[Path, Token]:
    """Give the ledger, and the token of who may judge.

    ForbiddenError where the operator names no ledger or the token reaches to other graphs,
    UnauthorisedError where there is none that is known.
    """
    if settings.ledger is None:
        raise ForbiddenError("this service names no ledger: judge with sikg review")
    token = Tokens(settings.tokens or settings.home / "tokens.json").holder(authorization)
    ownership = Ownership(identity)
    ownership.check(f"{ownership.edits}{_SCOPE}", token.scopes)
    return settings.ledger, token
