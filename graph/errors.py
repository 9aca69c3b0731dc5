"""The errors that a user can cause or must know of.

SikgError
├── InputError              what the user gave cannot be used
│   ├── MappingError        a mapping file is wrong
│   ├── LedgerError         the ledger of identities is wrong, or contradicts itself
│   ├── TableError          a table cannot be read
│   ├── QueryError          a query is malformed
│   └── ParameterError      a parameter has an impossible value
├── ForbiddenError          the request is understood and refused
├── UnprocessableError      what was sent is well formed, and cannot be carried out
│   └── ShapesError         it would break the shapes of the ontology
├── PreconditionError       the thing is not as the request expects it
├── NotFoundError           there is no such thing
├── WithdrawnError          there was such a thing, and is no more
├── NotAcceptableError      none of the asked formats can be given
├── BuildError              a build stopped and published nothing
│   ├── ExpectationError    a source is outside its declared bounds
│   ├── ShrunkError         a source lost half of its rows
│   └── StrictError         rows were quarantined in a strict build
├── LimitError              a query needed more than it may have
│   ├── TimeLimitError      time
│   └── MemoryLimitError    memory
├── EngineError             an engine ended in the middle of its work
├── NoReleaseError          nothing has been published yet
├── StorageError            the disk refused
├── WriterError             the process that writes did not answer
└── EndpointError           a remote endpoint failed

Each carries one sentence that says what, where and what to do.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from pathlib import Path


class SikgError(Exception):
    """The root of all errors that are told to the user in one sentence."""


class InputError(SikgError):
    """What the user gave cannot be used."""


class MappingError(InputError):
    """A mapping file is wrong."""


class LedgerError(InputError):
    """The ledger of identities is wrong, or contradicts itself."""


class TableError(InputError):
    """A table cannot be read."""


class QueryError(InputError):
    """A query is malformed.

    `line` and `column` are 1-based where the parser tells them.
    """

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class ParameterError(InputError):
    """A parameter has an impossible value."""


class ForbiddenError(SikgError):
    """The request is understood and refused."""


class UnprocessableError(SikgError):
    """What was sent is well formed, and cannot be carried out."""


class ShapesError(UnprocessableError):
    """What was sent would break the shapes of the ontology; `results` says where, in JSON."""

    def __init__(self, message: str, results: Sequence[Mapping[str, str | None]] = ()) -> None:
        super().__init__(message)
        self.results = results


class PreconditionError(SikgError):
    """The thing is not as the request expects it."""


class NotFoundError(SikgError):
    """There is no such thing."""


class WithdrawnError(SikgError):
    """There was such a thing, and is no more."""


class NotAcceptableError(SikgError):
    """None of the asked formats can be given."""


class BuildError(SikgError):
    """A build stopped and published nothing."""


class ExpectationError(BuildError):
    """A source is outside its declared bounds."""


class ShrunkError(BuildError):
    """A source lost half of its rows or more since the release before."""


class StrictError(BuildError):
    """Rows were quarantined in a strict build."""


class LimitError(SikgError):
    """A query needed more than it may have."""


class TimeLimitError(LimitError):
    """A query needed more time than it may have."""


class MemoryLimitError(LimitError):
    """A query needed more memory than it may have."""


class EngineError(SikgError):
    """An engine ended in the middle of its work."""


class NoReleaseError(SikgError):
    """Nothing has been published yet."""


class StorageError(SikgError):
    """The disk refused."""


class WriterError(SikgError):
    """The process that writes did not answer: whether it wrote is not known."""


class EndpointError(SikgError):
    """A remote endpoint failed."""


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# What engines say where they pass on no number of the operating system; the last is what numpy says
# of an array that a disk took in part.
_FULL_WORDS = (
    "the disk is full",
    "no space left on device",
    "file too large",
    "disk quota exceeded",
    " requested and ",
)


def is_full(error: BaseException) -> bool:
    """Tell whether an error, of ours or of an engine, says that a disk is full."""
    told = " ".join(str(error).split()).lower()
    number = error.errno if isinstance(error, OSError) else None
    return number in _FULL or any(words in told for words in _FULL_WORDS)


def disk_error(path: Path, error: Exception) -> StorageError:
    """Say in one sentence why the disk refused, and what to do."""
    told = " ".join(str(error).split())
    if is_full(error):
        return StorageError(
            f"the disk is full at {path}: free some space and build again; "
            "the release served before is untouched"
        )
    if isinstance(error, OSError) and error.strerror:
        return StorageError(f"the disk refused at {error.filename or path}: {error.strerror}")
    return StorageError(f"the disk refused at {path}: {told}")
