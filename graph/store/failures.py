"""The errors of pyoxigraph, told in our words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.engine import Query
from graph.errors import EndpointError, QueryError, StorageError, disk_error

_POSITION = re.compile(r"at (?:line )?(\d+)(?::| (?:between )?columns? )(\d+)")
_EXPECTED = re.compile(r"error at \d+:\d+: expected (?:one of )?(.*)", re.DOTALL)
# What the parser names beside quoted words: classes of characters, of no use to people.
_CHARACTERS = re.compile(r"\[[^\[\]]*\]")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_EXPECTED_SHOWN = 12


def query_error(error: SyntaxError, *, at: tuple[int, int] | None = None) -> QueryError:
    """Say where a text is malformed, and what could stand there.

    `at` are line and column in the user's text, where the engine read another.
    """
    message = str(error.msg)
    line, column = error.lineno, error.offset
    found = _POSITION.search(message)
    if found and line is None:
        line, column = int(found[1]), int(found[2])
    line, column = at or (line, column)
    expected = _EXPECTED.fullmatch(message)
    if expected:
        message = f"line {line}, column {column}: {_readable(expected[1])}"
    return QueryError(" ".join(message.split()), line=line, column=column)


def _readable(expected: str) -> str:
    """Say what the parser expected without its classes of characters."""
    if "Prefix not found" in expected:
        return "the prefix is not declared: write PREFIX name: <…> before the query"
    words = _QUOTED.findall(expected)
    named = _CHARACTERS.sub("", _QUOTED.sub("", expected)).split(",")
    offered: list[str] = [*(item.strip() for item in named if item.strip()), *words]
    # Keywords are single words; what has more is a reason of its own.
    reasons = [item for item in offered if " " in item.strip('"')]
    if reasons:
        return reasons[0]
    if not offered:
        return "the query cannot be read from here on"
    more = " …" if len(offered) > _EXPECTED_SHOWN else ""
    possible = ", ".join(offered[:_EXPECTED_SHOWN])
    return f"the query cannot be read from here on; possible are among others {possible}{more}"


@contextmanager
def told_as_query_error(query: Query) -> Iterator[None]:
    """Turn what the engine raises while it answers into one sentence."""
    try:
        yield
    except SyntaxError as error:
        raise query_error(error) from error
    except OSError as error:
        # The engine tells failures of endpoints and of the disk alike.
        if "service" in query.text.lower():
            raise EndpointError(f"an endpoint that the query calls fails: {error}") from error
        raise disk_error(Path(), error) from error
    except (RuntimeError, ValueError) as error:
        told = " ".join(str(error).split())
        raise QueryError(f"the query cannot be evaluated: {told}") from error


@contextmanager
def told_as_storage_error(path: Path | None) -> Iterator[None]:
    """Turn the errors of the engine's files into one sentence with the path."""
    try:
        yield
    except OSError as error:
        raise disk_error(path or Path(), error) from error
    except RuntimeError as error:
        where = f" at {path}" if path else ""
        told = " ".join(str(error).split())
        raise StorageError(f"the store{where} cannot be used: {told}") from error
