"""The service over the release of the curated tables, and over a small one with odd content."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.odd import publish_odd


def _client(home: Path, **more: Any) -> TestClient:
    """Ask a service whose log does not run into what a later test reads of standard error."""
    settings = Settings(home=home, access_log="off", **more)
    return TestClient(create_app(settings), follow_redirects=False)


@pytest.fixture(scope="session")
def client(release_home: Path) -> Iterator[TestClient]:
    """Ask the service over the curated tables; redirects are not followed."""
    with _client(release_home) as client:
        yield client


@pytest.fixture(scope="session")
def odd_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home with one small release of odd content."""
    home = tmp_path_factory.mktemp("odd")
    publish_odd(home)
    return home


@pytest.fixture(scope="session")
def odd(odd_home: Path) -> Iterator[TestClient]:
    """Ask the service over odd content, which shows five links of a thing."""
    with _client(odd_home, links=5) as client:
        yield client


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[TestClient]:
    """Ask a service that has nothing to serve yet."""
    with _client(tmp_path) as client:
        yield client
