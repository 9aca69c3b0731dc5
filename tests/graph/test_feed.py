"""The feed: everything that a release states, and what changes from one to the next."""

from __future__ import annotations

import gzip
import io
import random
import shutil
from datetime import date
from pathlib import Path

import pytest

from graph.digest import Digest
from graph.errors import NotFoundError, WithdrawnError
from graph.feed.differences import between, compared
from graph.feed.log import FULL, Head, Log
from graph.feed.news import Wanted, read_news
from graph.feed.recording import forget_taken, record
from graph.feed.stated import stated_lines
from graph.formats import GRAPH_FORMATS
from graph.identity import Identity
from graph.release import Releases
from graph.store import Store
from graph.takedowns import Takedown, Takedowns
from graph.writing import place
from graph.writing.requests import Outcome, Write
from graph.writing.writer import Writer

BASE = Identity().base
EDITS = f"{BASE}id/graph/edits/mine"
THING = f"{BASE}id/practice/of-hand"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
MEMBER = b"<https://w3id.org/tree#member>"
ACTION = b"<https://www.w3.org/ns/activitystreams#"


@pytest.fixture
def home(release_home: Path, tmp_path: Path) -> Path:
    """Give a home of its own, in which a test may publish."""
    return Path(shutil.copytree(release_home, tmp_path / "home"))


def write(home: Path, text: str) -> None:
    writer = Writer(Releases(home), place.folder(home))
    [outcome] = writer.write([Write("update", "me", "0" * 64, text.encode())])
    assert isinstance(outcome, Outcome)


def insert(home: Path, name: str, thing: str = THING) -> None:
    write(home, f'INSERT DATA {{ GRAPH <{EDITS}> {{ <{thing}> <{LABEL}> "{name}"@en }} }}')


def lines_of(home: Path, head: Head) -> list[bytes]:
    log = Log(home)
    return [
        line.rstrip(b"\n")
        for number in range(1, len(head.pages) + 1)
        for line in log.lines(head, number)
    ]


def told(home: Path, head: Head, thing: str = THING) -> list[bytes]:
    """Give what happened to a thing, in order."""
    lines = lines_of(home, head)
    object_ = f"/activitystreams#object> <{thing}> .".encode()
    members = [line.split(b" ")[0] for line in lines if line.endswith(object_)]
    kinds = {line.split(b" ")[0]: line for line in lines if ACTION in line.split(b" ", 2)[2]}
    return [kinds[member].split(b"#")[-1].rstrip(b"> .") for member in members]


def test_the_feed_begins_with_everything_that_is_stated(home: Path) -> None:
    head = record(Releases(home))
    manifest = Releases(home).current().manifest
    assert (head.release, head.digest) == (1, manifest.digest)
    pages = f"{BASE}feed/".encode()
    stated = {
        line
        for line in lines_of(home, head)
        if b"> ." in line
        and not line.startswith((b"<" + pages, f"<{BASE}feed#".encode()))
        and not line.rpartition(b"<")[2].startswith(pages)
    }
    digest = Digest()
    digest.add_lines(stated)
    assert digest.hexdigest() == manifest.digest
    assert head.changes == sum(MEMBER in line for line in lines_of(home, head))
    assert [page.closed for page in head.pages] == [True] * (len(head.pages) - 1) + [False]
    assert {page.changes for page in head.pages[:-1]} == {FULL}


def test_what_is_made_altered_and_taken_away_is_told_in_order(home: Path) -> None:
    releases = Releases(home)
    record(releases)
    insert(home, "First")
    record(releases)
    insert(home, "Second")
    record(releases)
    write(home, f"DELETE WHERE {{ GRAPH <{EDITS}> {{ <{THING}> ?p ?o }} }}")
    head = record(releases)
    assert told(home, head) == [b"Create", b"Update", b"Delete"]
    assert head.digest == releases.current().manifest.digest
    last = Log(home).lines(head, len(head.pages))
    assert not any(line.startswith(f"<{THING}>".encode()) for line in last)


def test_a_page_tells_of_a_thing_once_and_a_full_one_stays_as_it_is(home: Path) -> None:
    releases = Releases(home)
    first = record(releases)
    kept = Log(home).page(first, first.epoch, 1)
    insert(home, "First")
    second = record(releases)
    assert len(second.pages) == len(first.pages)
    assert second.pages[-1].changes == first.pages[-1].changes + 2  # the thing and its graph
    insert(home, "Second")
    third = record(releases)
    assert len(third.pages) == len(first.pages) + 1
    assert third.pages[-2].closed
    assert Log(home).page(third, third.epoch, 1) == kept


def test_a_rollback_is_told_too(home: Path) -> None:
    releases = Releases(home)
    record(releases)
    insert(home, "First")
    before = record(releases)
    releases.rollback(1)
    head = record(releases)
    assert told(home, head) == [b"Create", b"Delete"]
    assert head.release == 1
    assert head.last >= before.last


def test_without_a_journal_all_graphs_are_compared(home: Path) -> None:
    releases = Releases(home)
    record(releases)
    insert(home, "First")
    insert(home, "Other", f"{BASE}id/practice/other")
    (home / "audit.jsonl").unlink()  # so that the first of the two writes is not known of
    write(home, f"INSERT DATA {{ GRAPH <{EDITS}2> {{ <{THING}> a <http://a.example/B> }} }}")
    (home / "audit.jsonl").unlink()
    shutil.rmtree(home / "releases" / "000003")
    head = record(releases)
    assert told(home, head, f"{BASE}id/practice/other") == [b"Create"]


def test_what_a_crash_left_does_not_count(home: Path) -> None:
    releases = Releases(home)
    head = record(releases)
    insert(home, "First")
    log = Log(home)
    log.write_page(head.epoch, len(head.pages), [b"<a:b> <a:b> <a:b> .\n"], 999)
    log.add_news(head, ["half"])
    after = record(releases)
    assert told(home, after) == [b"Create"]
    assert not any(b"<a:b>" in line for line in lines_of(home, after))
    assert b"half" not in log.news(after)


def test_a_damaged_head_begins_a_new_feed(home: Path) -> None:
    releases = Releases(home)
    head = record(releases)
    (home / "feed" / "head.json").write_text("{", encoding="utf-8")
    assert record(releases).epoch != head.epoch


def test_pages_past_the_end_and_of_ended_feeds_are_told_apart(home: Path) -> None:
    head = record(Releases(home))
    log = Log(home)
    for number in (0, len(head.pages) + 1):
        with pytest.raises(NotFoundError):
            log.page(head, head.epoch, number)
    with pytest.raises(WithdrawnError, match="begin anew at"):
        log.page(head, "abcdef", 1)
    assert b"Node" in gzip.decompress(log.page(head, head.epoch, 1))


def test_a_takedown_ends_the_feed_with_all_that_it_told(home: Path) -> None:
    releases = Releases(home)
    insert(home, "Secret")
    head = record(releases)
    taken = Takedowns((Takedown("iri", THING, "asked for", date(2026, 11, 22)),))
    assert not forget_taken(releases, ())
    assert forget_taken(releases, (item.mark for item in taken.entries))
    assert not (home / "feed").exists()
    # A release that applied it has marks which the feed before had not.
    taken.write_applied(releases.current().path)
    after = record(releases)
    assert after.epoch != head.epoch
    assert not forget_taken(releases, (item.mark for item in taken.entries))


def test_news_name_things_with_their_countries_and_themes(home: Path) -> None:
    releases = Releases(home)
    assert Log(home).news(record(releases)) == []
    sikg = "https://w3id.org/sikg/ontology#"
    write(
        home,
        f'INSERT DATA {{ GRAPH <{EDITS}> {{ <{THING}> <{LABEL}> "Uus"@et, "New"@en ; '
        f"<{sikg}country> <{BASE}id/country/EE> ; <{sikg}theme> <{BASE}id/theme/care> }} }}",
    )
    record(releases)
    write(home, f"DELETE WHERE {{ GRAPH <{EDITS}> {{ <{THING}> ?p ?o }} }}")
    head = record(releases)
    lines = Log(home).news(head)
    found, more = read_news(lines, Wanted(countries=frozenset({"EE"})), 10)
    assert [(item.action, item.kind, item.themes) for item in found] == [
        ("Delete", "practice", ("care",)),
        ("Create", "practice", ("care",)),
    ]
    assert not more
    assert found[0].label(["et"]).text == "Uus"
    assert read_news(lines, Wanted(countries=frozenset({"LV"})), 10) == ([], False)
    assert read_news(lines, Wanted(until=head.began), 10) == ([], False)
    assert read_news([b"{}", *lines], Wanted(kinds=frozenset({"practice"})), 1) == (
        found[:1],
        True,
    )


def test_a_difference_leads_from_one_release_to_the_other(home: Path) -> None:
    releases = Releases(home)
    insert(home, "First")
    insert(home, "Second")
    write(home, f'DELETE DATA {{ GRAPH <{EDITS}> {{ <{THING}> <{LABEL}> "First"@en }} }}')
    earlier, later = releases.get(2), releases.get(4)
    found = between(earlier, later)
    # The graph has another date of change only where a second went by between the two.
    assert found.subjects - {EDITS} == {THING}
    assert found.by_graph()[EDITS] == (1, 1)
    digest = Digest(earlier.manifest.digest)
    patch = b"".join(found.patch(earlier, later)).splitlines()
    assert patch[0] == f"H id <{BASE}releases/4> .".encode()
    digest.add_lines(line[2:] for line in patch if line.startswith(b"A "))
    digest.remove_lines(line[2:] for line in patch if line.startswith(b"D "))
    assert digest.hexdigest() == later.manifest.digest
    reverse = between(later, earlier)
    assert (reverse.removed, reverse.added) == (found.added, found.removed)


ODD = (
    '<a:s> <a:p> "x <a:g>"',
    '<a:s> <a:p> "ends with <a:g"^^<a:t>',
    "<a:s> <a:p> <a:o>",
    '<a:s> <a:p> "\\"> <a:x>"@en',
    '<a:s> <a:p> " <a:b> <a:c> "',
)


def test_stated_lines_are_those_of_named_graphs_whatever_literals_hold(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store")
    default = [f"{line} ." for line in ODD]
    named = [f"{line} <a:g> ." for line in ODD]
    left = [f"{line} <a:left> ." for line in ODD]
    store.load(io.BytesIO("\n".join([*default, *named, *left]).encode()), GRAPH_FORMATS[2])
    found = [
        line.decode().rstrip("\n") for part in stated_lines(store, {"a:left"}) for line in part
    ]
    assert sorted(found) == sorted(named)


def test_stores_are_compared_whatever_is_early_or_late_in_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.feed.stated._SLICE", 400)  # a few lines a slice
    chance = random.Random(5)  # noqa: S311  # the same in each run
    lines = [f"<a:s{number}> <a:p> <a:o> <a:g{number % 7}> ." for number in range(300)]
    before, after = set(chance.sample(lines, 250)), set(chance.sample(lines, 150))
    stores = []
    for name, held in (("before", before), ("after", after)):
        store = Store.create(tmp_path / name)
        store.load(io.BytesIO("\n".join(held).encode()), GRAPH_FORMATS[2])
        stores.append(store)
    found = compared(stores[0], stores[1], ())
    assert {line.decode() for line in found.removed} == before - after
    assert {line.decode() for line in found.added} == after - before
