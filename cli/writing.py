"""What commands do about writing: make and revoke tokens, and list the audit trail."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from api.tokens import make_token, read_tokens, revoke_token
from cli.console import say, say_json, say_table, warn
from graph.errors import ParameterError
from graph.writing.journal import Journal


def token_file(home: Path, given: Path | None) -> Path:
    """Give the file of tokens: the given one, or that of the home folder."""
    return given or home / "tokens.json"


def add_token(path: Path, name: str, scopes: list[str], expires: datetime | None) -> None:
    """Make a token and show it, which cannot be done again."""
    secret = make_token(path, name, scopes, expires.astimezone() if expires else None)
    warn(f"The token {name} is shown once; {path} holds its hash only")
    say(secret)


def remove_token(path: Path, name: str) -> None:
    """Take a token away, at once and for good."""
    revoke_token(path, name)
    say(f"The token {name} is revoked")


def list_tokens(path: Path, *, as_json: bool) -> None:
    """List the tokens by name, without anything that could be used as one."""
    tokens = read_tokens(path) if path.exists() else ()
    if as_json:
        say_json([token.model_dump(mode="json", exclude={"sha256"}) for token in tokens])
        return
    say_table(
        ["token", "reaches to", "until"],
        [
            [
                token.name,
                " ".join(token.scopes) or "edits",
                f"{token.expires:%Y-%m-%d %H:%M}" if token.expires else "",
            ]
            for token in tokens
        ],
    )


def list_writes(home: Path, last: int, *, as_json: bool) -> None:
    """List who wrote what when, the latest last; ParameterError if there is no home."""
    if not home.is_dir():
        raise ParameterError(f"there is no folder {home}")
    entries = list(Journal(home).read())[-last:]
    if as_json:
        say_json([entry.model_dump(mode="json") for entry in entries])
        return
    say_table(
        ["when", "who", "operation", "release", "added", "removed", "graphs"],
        [
            [
                f"{entry.when:%Y-%m-%d %H:%M:%S}",
                entry.writer,
                entry.operation,
                str(entry.release),
                f"{entry.inserted:,}",
                f"{entry.removed:,}",
                " ".join(entry.graphs),
            ]
            for entry in entries
        ],
    )
