"""Tokens: made once, kept as hashes, and good for what they say."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.errors import UnauthorisedError
from api.tokens import Tokens, make_token, read_tokens, revoke_token
from cli.main import main
from graph.errors import ForbiddenError, ParameterError, StorageError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a file of tokens that is not there yet."""
    return tmp_path / "secret" / "tokens.json"


def test_a_token_is_known_by_its_hash(path: Path) -> None:
    secret = make_token(path, "somebody", ["http://x/*"])
    text = path.read_text()
    assert secret not in text
    assert hashlib.sha256(secret.encode()).hexdigest() in text
    assert path.stat().st_mode & 0o777 == 0o600
    found = Tokens(path).holder(f"Bearer {secret}")
    assert (found.name, found.scopes) == ("somebody", ("http://x/*",))
    assert Tokens(path).holder(f"bearer  {secret} ").name == "somebody"


def test_tokens_differ_and_have_256_bits(path: Path) -> None:
    secrets = {make_token(path, f"n{number}") for number in range(5)}
    assert len(secrets) == 5
    assert all(len(secret) >= 43 + len("sikg_") for secret in secrets)


@pytest.mark.parametrize(
    "sent", ["", "Basic eDp5", "Bearer", "Bearer ", "Bearer a b", "Bearer \xe9"]
)
def test_what_presents_no_token_is_unauthorised(path: Path, sent: str) -> None:
    make_token(path, "somebody")
    with pytest.raises(UnauthorisedError):
        Tokens(path).holder(sent)


def test_the_hash_is_no_token(path: Path) -> None:
    make_token(path, "somebody")
    with pytest.raises(UnauthorisedError, match="not known"):
        Tokens(path).holder(f"Bearer {read_tokens(path)[0].sha256}")


def test_a_token_ends_when_it_expires(path: Path) -> None:
    now = datetime.now(UTC)
    old = make_token(path, "old", expires=now - timedelta(seconds=1))
    new = make_token(path, "new", expires=now + timedelta(days=1))
    with pytest.raises(UnauthorisedError, match="expired"):
        Tokens(path).holder(f"Bearer {old}")
    assert Tokens(path).holder(f"Bearer {new}").name == "new"


def test_a_revoked_token_is_refused_at_once(path: Path) -> None:
    secret, other = make_token(path, "one"), make_token(path, "two")
    tokens = Tokens(path)
    assert tokens.holder(f"Bearer {secret}").name == "one"
    revoke_token(path, "one")
    with pytest.raises(UnauthorisedError):
        tokens.holder(f"Bearer {secret}")
    assert tokens.holder(f"Bearer {other}").name == "two"
    with pytest.raises(ParameterError, match="no token named"):
        revoke_token(path, "one")


def test_without_tokens_nobody_writes(path: Path) -> None:
    for tokens in (Tokens(path), Tokens(None)):
        assert not tokens.configured
        with pytest.raises(ForbiddenError, match="sikg token"):
            tokens.holder("Bearer x")


@pytest.mark.parametrize(
    "content",
    ["", "{", '{"tokens": [{"name": "a"}]}', '{"tokens": [{"name": "a", "sha256": "b"}]}'],
)
def test_a_damaged_file_lets_nobody_in_and_tells_nothing(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(StorageError, match="is damaged") as caught:
        Tokens(path).holder("Bearer x")
    assert "sha256=" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "scopes"), [("", []), ("a\nb", []), ("a" * 81, []), ("a", ["no scope"]), ("a", [""])]
)
def test_a_malformed_token_is_not_made(path: Path, name: str, scopes: list[str]) -> None:
    with pytest.raises(ParameterError, match="malformed"):
        make_token(path, name, scopes)
    assert not path.exists()


def run(*words: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert not stopped.value.code


def test_the_command_shows_a_token_once(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIKG_TOKENS", raising=False)
    home = str(tmp_path)
    run("token", "somebody", "--home", home, "--scope", "http://x/*")
    secret = capfd.readouterr().out.strip()
    assert Tokens(tmp_path / "tokens.json").holder(f"Bearer {secret}").name == "somebody"
    run("token", "--home", home, "--json")
    listed = capfd.readouterr().out
    assert json.loads(listed) == [{"name": "somebody", "scopes": ["http://x/*"], "expires": None}]
    run("token", "somebody", "--revoke", "--home", home)
    assert read_tokens(tmp_path / "tokens.json") == ()
    run("audit", "--home", home, "--json")
    assert capfd.readouterr().out.endswith("[]\n")
