"""Bearer tokens: a file of names, hashes and scopes; the tokens themselves are nowhere.

A token is 256 random bits, so that its SHA-256 says nothing of it and no slower hash is needed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError

from api.errors import UnauthorisedError
from graph.errors import ForbiddenError, ParameterError, StorageError, disk_error

PREFIX = "sikg_"

_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/-]+=*) *", re.IGNORECASE)  # RFC 6750, 2.1
_SCOPE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`*]*\*?|\*")


class Token(BaseModel):
    """One token, without itself: whose it is, its hash, which graphs it reaches, until when.

    Scopes are IRIs of graphs, or beginnings of them and `*`; without any, the token reaches to the
    graphs under `{base}id/graph/edits/`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@ -]{0,79}$")]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    scopes: tuple[Annotated[str, StringConstraints(pattern=_SCOPE.pattern)], ...] = ()
    expires: AwareDatetime | None = None


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    tokens: tuple[Token, ...] = ()


class Tokens:
    """The tokens of a file, read again whenever it changes; none where there is no file."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._read: tuple[tuple[int, int], tuple[Token, ...]] | None = None

    @property
    def configured(self) -> bool:
        """Tell whether anybody may write at all."""
        return bool(self.all())

    def all(self) -> tuple[Token, ...]:
        """Give all tokens; StorageError if their file is damaged."""
        if self._path is None:
            return ()
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return ()
        mark = status.st_ino, status.st_mtime_ns
        if self._read is None or self._read[0] != mark:
            self._read = mark, read_tokens(self._path)
        return self._read[1]

    def holder(self, authorization: str) -> Token:
        """Give the token that a header Authorization presents.

        Every hash is compared, each in constant time. ForbiddenError where nobody may write,
        UnauthorisedError where the header is missing, is another's scheme, or names no token.
        """
        tokens = self.all()
        if not tokens:
            raise ForbiddenError(
                "nobody may write here: the operator has made no token (sikg token NAME)"
            )
        if not authorization:
            raise UnauthorisedError(
                "writing needs a token: send the header Authorization: Bearer …"
            )
        given = _BEARER.fullmatch(authorization)
        if given is None:
            raise UnauthorisedError("the header Authorization is not of the form Bearer TOKEN")
        hashed = hashlib.sha256(given[1].encode()).hexdigest()
        found = [token for token in tokens if hmac.compare_digest(token.sha256, hashed)]
        if not found:
            raise UnauthorisedError("this token is not known here", code="invalid_token")
        if found[0].expires is not None and found[0].expires <= datetime.now(UTC):
            raise UnauthorisedError("this token has expired", code="invalid_token")
        return found[0]


def read_tokens(path: Path) -> tuple[Token, ...]:
    """Read a file of tokens; StorageError if it is damaged, without a word of its content."""
    try:
        return _File.model_validate_json(path.read_bytes()).tokens
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise StorageError(f"the file of tokens {path} is damaged ({place})") from error
    except OSError as error:
        raise disk_error(path, error) from error


def make_token(
    path: Path, name: str, scopes: Sequence[str] = (), expires: datetime | None = None
) -> str:
    """Make a token, add its hash to a file that only its owner can read, and give it.

    ParameterError if the name is taken or something is malformed.
    """
    there = read_tokens(path) if path.exists() else ()
    if any(token.name == name for token in there):
        raise ParameterError(f"there is a token named {name!r} already: revoke it first")
    secret = PREFIX + secrets.token_urlsafe(32)
    hashed = hashlib.sha256(secret.encode()).hexdigest()
    try:
        token = Token(name=name, sha256=hashed, scopes=tuple(scopes), expires=expires)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise ParameterError(
            f"the {place} of the token is malformed: a name has letters, digits and .-_@, a scope "
            "is the IRI of a graph or a beginning of such IRIs and *, a time has a zone"
        ) from error
    write_tokens(path, (*there, token))
    return secret


def revoke_token(path: Path, name: str) -> None:
    """Take a token out of a file; ParameterError if it has none of that name."""
    there = read_tokens(path) if path.exists() else ()
    left = tuple(token for token in there if token.name != name)
    if len(left) == len(there):
        raise ParameterError(f"there is no token named {name!r}")
    write_tokens(path, left)


def write_tokens(path: Path, tokens: tuple[Token, ...]) -> None:
    """Write a file of tokens in place of the one before; StorageError if the disk refuses."""
    partial = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_File(tokens=tokens).model_dump_json(indent=1).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise disk_error(path, error) from error
