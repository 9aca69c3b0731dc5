"""Problems: one table from error to status, and nothing of the inside is told."""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import graph.errors
from api import errors
from api.app import create_app
from api.errors import PROBLEMS, BusyError, MethodError, problem_of
from api.settings import Settings
from graph.entities import read_entity
from graph.errors import QueryError, SikgError, StorageError


def _all_errors() -> list[type[Exception]]:
    found = {
        item
        for module in (graph.errors, errors)
        for item in vars(module).values()
        if inspect.isclass(item) and issubclass(item, SikgError) and item is not SikgError
    }
    return sorted(found, key=lambda item: item.__name__)


def test_names_and_titles_stand_once() -> None:
    names = [kind.name for kind in PROBLEMS.values()]
    assert len(names) == len(set(names))


def test_every_error_that_a_request_can_cause_has_a_status_of_its_own() -> None:
    building = {"BuildError", "ExpectationError", "ShrunkError", "StrictError"}
    for error in _all_errors():
        if error.__name__ in building:
            continue
        assert any(cls in PROBLEMS for cls in error.__mro__[: -len(Exception.__mro__)]), error


def test_line_and_column_are_told_where_they_are_known() -> None:
    known = json.loads(problem_of(QueryError("x", line=2, column=3), "/sparql").body())
    assert (known["line"], known["column"]) == (2, 3)
    assert "line" not in json.loads(problem_of(QueryError("x"), "/sparql").body())


def test_what_is_for_the_operator_is_not_told() -> None:
    for error in (StorageError("no space at /srv/secret"), ValueError("/srv/secret")):
        assert b"secret" not in problem_of(error, "/").body()


def test_headers_of_problems() -> None:
    assert problem_of(MethodError("PUT", "GET"), "/").headers["Allow"] == "GET"
    assert "Retry-After" in problem_of(BusyError("x"), "/").headers


def test_an_unforeseen_error_is_told_without_internals(
    release_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(f"{read_entity.__module__}.read_names", fail)
    settings = Settings(home=release_home, access_log="off")
    client = TestClient(create_app(settings), raise_server_exceptions=False)
    for path in ("/data/consortium/esia", "/page/consortium/esia", "/api/v1/consortium/esia"):
        answer = client.get(path)
        assert answer.status_code == 500
        assert answer.headers["content-type"] == errors.MEDIA_TYPE
        assert "secret" not in answer.text
        assert answer.json()["type"] == "/problems#internal"
