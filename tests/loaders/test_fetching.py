"""Tables at addresses: asked for if new, checked, kept, and replaced when they cannot be had."""

from __future__ import annotations

import gzip
import hashlib
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graph.errors import EndpointError, ForbiddenError, MappingError, TableError
from loaders.fetching.download import MAX_REDIRECTS, Limits
from loaders.fetching.fetch import Fetched, fetch
from loaders.fetching.hosts import Hosts
from loaders.fetching.options import Fetching
from loaders.language.mapping import Rows, SourceMapping, read_mapping
from tests.loaders.conftest import PRACTICES
from tests.loaders.serving import Answer, Asked, serving

TABLE = b"id,name\n1,One\n"
QUICK = Limits(idle=2.0, whole=5.0, retries=1, pause=0.0, longest_pause=0.0)
MAPPING = """\
name: things
title: Things
publisher: Somebody
licence: https://creativecommons.org/licenses/by/4.0/
version: "1"
retrieved: 2020-01-01
rows: {{{rows}}}
"""


def mapping(folder: Path, rows: str) -> SourceMapping:
    path = folder / "things.yaml"
    path.write_text(MAPPING.format(rows=rows) + PRACTICES, encoding="utf-8")
    return read_mapping(path)


@pytest.fixture
def options(tmp_path: Path) -> Fetching:
    """Fetch from this machine, and ask each time."""
    return Fetching(tmp_path / "fetched", Hosts(("127.0.0.1",)), fresh=0.0, limits=QUICK)


@pytest.fixture
def get(tmp_path: Path, options: Fetching) -> Callable[..., Fetched]:
    """Give a function that fetches what `rows` describes."""

    def got(rows: str, fetching: Fetching = options) -> Fetched:
        return fetch(mapping(tmp_path, rows), lambda name: tmp_path / name, fetching)

    return got


def always(answer: Answer) -> Callable[[Asked], Answer]:
    return lambda _: answer


Get = Callable[..., Fetched]


def test_a_table_is_fetched_and_dated(get: Get) -> None:
    with serving(always(Answer(TABLE))) as server:
        found = get(f'url: "{server.address}/data/list.csv?year=2026"')
    assert found.path.read_bytes() == TABLE
    assert found.path.name == "list.csv"
    assert hashlib.sha256(TABLE).hexdigest() in str(found.path)
    assert found.mapping.retrieved == datetime.now(UTC).date()
    assert found.notes == ()


def test_a_table_that_is_not_new_is_not_sent_again(get: Get) -> None:
    def answering(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == '"1"':
            assert asked.headers["if-modified-since"] == "Sun, 22 Nov 2026 00:00:00 GMT"
            return Answer(status=304)
        told = {"ETag": '"1"', "Last-Modified": "Sun, 22 Nov 2026 00:00:00 GMT"}
        return Answer(TABLE, headers=told)

    with serving(answering) as server:
        first, second = (get(f'url: "{server.address}/list.csv"') for _ in range(2))
        assert [asked.headers.get("if-none-match") for asked in server.asked] == [None, '"1"']
    assert first == second


def test_a_changed_table_takes_the_place_of_the_copy(get: Get) -> None:
    bodies = [b"id,name\n1,One\n", b"id,name\n1,Two\n"]
    with serving(lambda _: Answer(bodies.pop(0), headers={"ETag": "x"})) as server:
        paths = [get(f'url: "{server.address}/list.csv"').path for _ in range(2)]
    assert [path.read_bytes()[-4:] for path in paths] == [b"One\n", b"Two\n"]


def test_a_copy_just_checked_is_not_asked_for_again(get: Get, options: Fetching) -> None:
    with serving(always(Answer(TABLE))) as server:
        for _ in range(3):
            get(f'url: "{server.address}/list.csv"', replace(options, fresh=60.0))
        assert len(server.asked) == 1


def test_a_damaged_copy_is_fetched_again(get: Get, options: Fetching) -> None:
    with serving(always(Answer(TABLE))) as server:
        rows = f'url: "{server.address}/list.csv"'
        get(rows).path.write_bytes(b"other")
        assert get(rows, replace(options, fresh=60.0)).path.read_bytes() == TABLE


def test_offline_the_copy_is_used_and_told(get: Get, options: Fetching) -> None:
    with serving(always(Answer(TABLE))) as server:
        rows = f'url: "{server.address}/list.csv"'
        get(rows)
    found = get(rows, replace(options, offline=True, fresh=60.0))
    assert found.path.read_bytes() == TABLE
    (note,) = found.notes
    assert note.kind == "stale-copy"
    today = datetime.now(UTC).date()
    assert note.text == f"The copy of {today} is used: nothing is fetched: offline was asked for."


def test_offline_without_a_copy_is_told(get: Get, options: Fetching) -> None:
    with pytest.raises(EndpointError, match=r"things: nothing .* no copy of it"):
        get('url: "http://127.0.0.1/list.csv"', replace(options, offline=True))


def test_a_host_that_is_down_leaves_the_copy(get: Get) -> None:
    with serving(always(Answer(TABLE))) as server:
        rows = f'url: "{server.address}/list.csv"'
        get(rows)
    found = get(rows)
    assert found.path.read_bytes() == TABLE
    assert "failed 2 times: the connection failed" in found.notes[0].text


def test_without_a_copy_the_recorded_file_is_used(get: Get, tmp_path: Path) -> None:
    (tmp_path / "kept.csv").write_bytes(TABLE)
    with serving(always(Answer(status=404))) as server:
        found = get(f'url: "{server.address}/list.csv", recorded: kept.csv')
    assert found.path == tmp_path / "kept.csv"
    assert found.mapping.retrieved.isoformat() == "2020-01-01"
    (note,) = found.notes
    assert note.kind == "recorded-fallback"
    assert note.text.startswith(
        "The recorded file kept.csv of 2020-01-01 is used: http://127.0.0.1"
    )
    assert "answered status 404 Not Found" in note.text


def test_what_is_declared_by_checksum_is_fetched_once(get: Get) -> None:
    sha256 = hashlib.sha256(TABLE).hexdigest()
    with serving(always(Answer(TABLE))) as server:
        for _ in range(2):
            get(f'url: "{server.address}/list.csv", sha256: {sha256}')
        assert len(server.asked) == 1


def test_another_file_than_the_declared_one_is_refused(get: Get, tmp_path: Path) -> None:
    (tmp_path / "kept.csv").write_bytes(b"other")
    with serving(always(Answer(TABLE))) as server:
        rows = f'url: "{server.address}/list.csv", sha256: {"0" * 64}'
        with pytest.raises(EndpointError, match=r"has the checksum .* and 0{64} is declared"):
            get(rows)
        with pytest.raises(TableError, match=r"kept\.csv: is another file than the one"):
            get(f"{rows}, recorded: kept.csv")


@pytest.mark.parametrize(
    "told",
    [{}, {"Content-Encoding": "gzip"}],
    ids=["plain", "packed"],
)
def test_more_than_the_limit_is_not_fetched(get: Get, told: dict[str, str]) -> None:
    body = b"x" * ((1 << 20) + 1)
    sent = gzip.compress(body) if told else body
    with (
        serving(always(Answer(sent, headers=told))) as server,
        pytest.raises(EndpointError, match="has more than 1 MiB"),
    ):
        get(f'url: "{server.address}/list.csv", largest: 1')


def test_an_answer_packed_on_the_way_is_unpacked(get: Get) -> None:
    body = TABLE * 100_000
    answer = Answer(gzip.compress(body), headers={"Content-Encoding": "gzip"})
    with serving(always(answer)) as server:
        assert get(f'url: "{server.address}/list.csv"').path.read_bytes() == body


def test_an_answer_that_breaks_off_is_no_table(get: Get) -> None:
    with (
        serving(always(Answer(TABLE, told=1_000))) as server,
        pytest.raises(EndpointError, match="failed 2 times: the connection failed"),
    ):
        get(f'url: "{server.address}/list.csv"')


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><html><head><title>Sign  in</title></head></html>",
        b"\xef\xbb\xbf\n<!-- x --><HTML><TITLE>Sign in</TITLE>",
        b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><title>Sign in</title>',
    ],
)
def test_a_web_page_with_status_200_is_told(get: Get, body: bytes) -> None:
    with serving(always(Answer(body, "text/csv"))) as server:
        reason = r"answered a web page \(“Sign in”\) with status 200, where a table in csv is"
        with pytest.raises(EndpointError, match=reason):
            get(f'url: "{server.address}/list.csv"')


def test_a_web_page_is_taken_where_it_is_meant(get: Get) -> None:
    with serving(always(Answer(b"<html><table/></html>", "text/html"))) as server:
        assert get(f'url: "{server.address}/list.xls", format: html').notes == ()


def test_a_busy_host_is_asked_again(get: Get) -> None:
    answers = [Answer(status=503, headers={"Retry-After": "0"}), Answer(TABLE)]
    with serving(lambda _: answers.pop(0)) as server:
        assert get(f'url: "{server.address}/list.csv"').path.read_bytes() == TABLE


def test_redirects_on_the_same_host_are_followed(get: Get) -> None:
    def answering(asked: Asked) -> Answer:
        if asked.path == "/list.csv":
            return Answer(status=302, headers={"Location": "/new/list.csv"})
        return Answer(TABLE)

    with serving(answering) as server:
        assert get(f'url: "{server.address}/list.csv"').path.read_bytes() == TABLE


def test_a_redirect_to_a_host_that_is_not_allowed_is_refused(get: Get) -> None:
    away = Answer(status=302, headers={"Location": "http://elsewhere.example/list.csv"})
    with (
        serving(always(away)) as server,
        pytest.raises(ForbiddenError, match=r"elsewhere\.example is not among those"),
    ):
        get(f'url: "{server.address}/list.csv"')


def test_redirects_without_end_are_told(get: Get) -> None:
    with (
        serving(always(Answer(status=307, headers={"Location": "/list.csv"}))) as server,
        pytest.raises(EndpointError, match=f"redirects more than {MAX_REDIRECTS} times"),
    ):
        get(f'url: "{server.address}/list.csv"')


def test_a_redirect_to_an_inner_address_is_refused(get: Get, options: Fetching) -> None:
    with serving(always(Answer(status=301, headers={"Location": "http://10.0.0.1/x"}))) as server:
        hosts = Hosts(("127.0.0.1", "*.example"))
        with pytest.raises(ForbiddenError, match=r"10\.0\.0\.1 is not among those"):
            get(f'url: "{server.address}/x.csv"', replace(options, hosts=hosts))


@pytest.mark.parametrize("allowed", [(), ("data.example",), ("*.example",)])
@pytest.mark.parametrize("inner", ["127.0.0.1", "10.1.2.3", "169.254.169.254"])
def test_a_name_that_stands_for_an_inner_address_is_refused(
    get: Get,
    options: Fetching,
    monkeypatch: pytest.MonkeyPatch,
    allowed: tuple[str, ...],
    inner: str,
) -> None:
    """Also a second answer of the name servers cannot lead there: they are asked once."""
    asked: list[str] = []

    def resolve(host: str, port: int, **_: object) -> list[object]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (inner, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(ForbiddenError, match=f"data.example is at the inner address {inner}"):
        get('url: "http://data.example/list.csv"', replace(options, hosts=Hosts(allowed)))
    assert asked == ["data.example"]


def test_a_mapping_alone_allows_no_inner_address(get: Get, options: Fetching) -> None:
    with serving(always(Answer(TABLE))) as server:
        with pytest.raises(ForbiddenError, match="inner address"):
            get(f'url: "{server.address}/list.csv"', replace(options, hosts=Hosts()))
        assert server.asked == []


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/x.csv", "http://me:secret@127.0.0.1/x.csv", "file:///etc/passwd"]
)
def test_an_address_that_is_no_plain_one_is_refused(get: Get, url: str) -> None:
    with pytest.raises(ForbiddenError):
        get(f'url: "{url}"')


def test_calls_of_one_host_are_apart() -> None:
    hosts = Hosts()
    hosts.wait("a.example", 0.0)
    begin = datetime.now(UTC)
    hosts.wait("b.example", 30.0)  # another host
    hosts.wait("a.example", 0.05)
    assert datetime.now(UTC) - begin >= timedelta(seconds=0.045)


def test_without_a_place_for_copies_nothing_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="there is no place for copies"):
        fetch(mapping(tmp_path, 'url: "http://a.example/x.csv"'), Path, None)


@pytest.mark.parametrize(
    ("rows", "cause"),
    [
        ({}, "give one of file, url and endpoint"),
        ({"url": "http://a.example/x", "endpoint": "http://a.example/"}, "one of url and endpoint"),
        ({"endpoint": "http://a.example/sparql"}, "an endpoint needs a query"),
        ({"file": "x.csv", "recorded": "y.csv"}, "recorded has no meaning here"),
        ({"url": "http://a.example/x.csv", "page": "10"}, "page has no meaning here"),
    ],
)
def test_places_that_contradict_themselves_are_refused(rows: dict[str, str], cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        Rows.model_validate(rows)
