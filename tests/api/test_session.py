"""A release is switched while somebody reads: links go on, and say of which release they are."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.release import Releases
from tests.api.odd import BROWSER

HTML = {"accept": BROWSER}
NEXT = re.compile(r'<a href="([^"]+)" rel="next">')
OPENED = (
    "/",
    "/find?kind=organisation",
    "/page/organisation/ee-kysk",
    "/money",
    "/partners?theme=employment",
)


@pytest.fixture
def session(release_home: Path, tmp_path: Path) -> Iterator[tuple[TestClient, Releases]]:
    """Serve a copy of the release in a home of its own."""
    home = tmp_path / "home"
    shutil.copytree(release_home, home)
    with TestClient(create_app(Settings(home=home, access_log="off"))) as client:
        yield client, Releases(home)


def publish_again(releases: Releases, digest: str) -> None:
    """Publish the same content once more, as a release of its own."""
    current = releases.current()
    with releases.draft() as draft:
        shutil.copytree(current.path, draft / "release")
        number = releases.next_number()
        manifest = current.manifest.model_copy(update={"number": number, "digest": digest})
        releases.publish(draft / "release", manifest)


def test_a_session_goes_on_over_a_switch(session: tuple[TestClient, Releases]) -> None:
    client, releases = session
    first = client.get("/partners?organisation=ee-kysk", headers=HTML)
    tags = {path: client.get(path, headers=HTML).headers.get("etag") for path in OPENED}
    publish_again(releases, "1" * 128)
    # What was opened leads on: the next page of a list is one of the new release.
    found = NEXT.search(first.text)
    assert found is not None
    following = client.get(unescape(found[1]), headers=HTML)
    assert following.status_code == 200
    assert 'id="partner-11"' in following.text
    # Nothing that was remembered of the earlier release is given for the new one.
    for path, tag in tags.items():
        answer = client.get(path, headers={**HTML, "if-none-match": tag or '"none"'})
        assert answer.status_code == 200, path
        assert tag is None or answer.headers["etag"] != tag
    assert "Release 2" in client.get("/", headers=HTML).text
    assert client.get("/api/v1/partners?organisation=ee-kysk").json()["of"]["asked"] == 2


def test_a_view_of_an_earlier_release_stays_with_it(
    session: tuple[TestClient, Releases],
) -> None:
    client, releases = session
    publish_again(releases, "1" * 128)
    text = client.get("/partners?organisation=ee-kysk&release=1", headers=HTML).text
    assert "as of release 1" in text
    found = NEXT.search(text)
    assert found is not None
    assert "release=1" in found[1]
    assert "as of release 1" in client.get(unescape(found[1]), headers=HTML).text
    assert client.get("/api/v1/partners?theme=employment&release=1").json()["of"]["asked"] == 1


def test_a_release_that_is_gone_is_told_with_those_that_are_kept(
    session: tuple[TestClient, Releases],
) -> None:
    client, releases = session
    publish_again(releases, "1" * 128)
    releases.remove(1)
    answer = client.get("/partners?organisation=ee-kysk&release=1", headers=HTML)
    assert answer.status_code == 404
    assert "release 1 is not kept here (kept: 2)" in answer.text
    assert client.get("/partners?organisation=ee-kysk", headers=HTML).status_code == 200
