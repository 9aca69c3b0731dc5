"""The suites of W3C as parameters of the tests in this folder: one test an entry of a manifest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from api.tokens import make_token
from graph.errors import SikgError
from tests.conformance.known_failures import KNOWN, OUT_OF_SCOPE
from tests.conformance.manifests import Entry, entries
from tests.conformance.serving import as_processes, in_process, publish
from tests.conformance.suites import REQUIRED, SuitesAbsentError
from tests.conformance.writing import Writer


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each test the entries of the kinds that its marker `suite` names."""
    marker = metafunc.definition.get_closest_marker("suite")
    if marker is None:
        return
    try:
        found = [entry for entry in entries() if entry.kind in marker.args]
    except SuitesAbsentError as error:
        if os.environ.get(REQUIRED) == "1":
            raise
        skip = pytest.mark.skip(reason=str(error))
        metafunc.parametrize("entry", [pytest.param(None, id="absent", marks=skip)])
        return
    metafunc.parametrize("entry", [_case(entry) for entry in found])


def _case(entry: Entry) -> object:
    marks = []
    if entry.group in OUT_OF_SCOPE:
        marks.append(pytest.mark.skip(reason=OUT_OF_SCOPE[entry.group]))
    if entry.name in KNOWN:
        reason = f"{KNOWN[entry.name]} (where it passes, remove it from known_failures.py)"
        failing = (AssertionError, SikgError)
        marks.append(pytest.mark.xfail(reason=reason, strict=True, raises=failing))
    return pytest.param(entry, id=entry.name, marks=marks)


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home with a small release."""
    home = tmp_path_factory.mktemp("small")
    publish(home)
    return home


@pytest.fixture(scope="session")
def within(small_home: Path) -> Iterator[httpx2.Client]:
    """Ask the service over the small release within this process."""
    with in_process(small_home) as client:
        yield client


@pytest.fixture(scope="session")
def running(small_home: Path) -> Iterator[httpx2.Client]:
    """Ask a running server over the small release."""
    with as_processes(small_home) as client:
        yield client


@pytest.fixture(params=["within", "running"])
def client(request: pytest.FixtureRequest) -> httpx2.Client:
    """Ask the service within this process, and a running server."""
    asked: httpx2.Client = request.getfixturevalue(request.param)
    return asked


def _writable(home: Path) -> str:
    """Publish a small release and make a token that reaches to all graphs of people."""
    publish(home)
    return make_token(home / "tokens.json", "tests", ["*"])


@pytest.fixture(scope="session")
def writer_within(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writer]:
    """Write to a service within this process."""
    home = tmp_path_factory.mktemp("written")
    token = _writable(home)
    with in_process(home) as client:
        yield Writer(client, token)


@pytest.fixture(scope="session")
def writer_running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writer]:
    """Write to a running server."""
    home = tmp_path_factory.mktemp("written")
    token = _writable(home)
    with as_processes(home) as client:
        yield Writer(client, token)


@pytest.fixture(params=["writer_within", "writer_running"])
def writer(request: pytest.FixtureRequest) -> Writer:
    """Write with a token, to the service within this process and to a running server."""
    found: Writer = request.getfixturevalue(request.param)
    return found
