"""Readers follow the served release, and never see half of one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest

from graph.dataset import Current, Dataset
from graph.engine import Query
from graph.errors import NoReleaseError, NotFoundError, StorageError
from graph.release import Manifest, Release, Releases
from graph.search import Name, SearchIndex
from graph.store import Store

NUMBERS = Query("SELECT ?number { ?thing <http://example.org/number> ?number } ORDER BY ?number")
ROOT = Path(__file__).parents[2]
THINGS = 300


def publish(releases: Releases) -> Release:
    """Publish a small release of which every part names its number."""
    with releases.draft() as folder:
        number = releases.next_number()
        lines = folder / "lines.nq"
        lines.write_text(
            "".join(
                f'<http://example.org/{thing}> <http://example.org/number> "{number}" .\n'
                for thing in range(THINGS)
            )
        )
        store = Store.create(folder / "work")
        store.load_statements(lines)
        final = folder / "release"
        final.mkdir()
        store.checkpoint(final / "store")
        SearchIndex.build(final / "search", [Name(f"i:{number}", "x", "thing", "en")])
        (final / "report.json").write_text("{}")
        return releases.publish(
            final,
            Manifest(
                number=number,
                created=datetime.now(UTC),
                base="http://localhost:8000/",
                digest=f"{number:0128x}",
                statements=THINGS,
                quads=THINGS,
                conforms=True,
                software="0",
                ontology="0",
                sources=(),
            ),
        )


def fault(dataset: Dataset) -> str | None:
    """Say which part of a dataset is not of its release."""
    number = str(dataset.release.number)
    if dataset.store.select(NUMBERS).values("number") != [number] * THINGS:
        return f"the store of release {number} is another"
    if [hit.iri for hit in dataset.search.search("thing")] != [f"i:{number}"]:
        return f"the index of release {number} is another"
    if dataset.release.manifest.digest != f"{int(number):0128x}":
        return f"the manifest of release {number} is another"
    return None


def test_there_is_nothing_before_the_first_release(tmp_path: Path) -> None:
    current = Current(tmp_path)
    with pytest.raises(NoReleaseError, match="run sikg build"):
        current.dataset()
    publish(current.releases)
    assert current.dataset().release.number == 1


def test_the_served_release_is_followed(tmp_path: Path) -> None:
    releases, current = Releases(tmp_path), Current(tmp_path)
    for number in (1, 2, 3):
        publish(releases)
        assert current.dataset().release.number == number
        assert fault(current.dataset()) is None
    releases.rollback()
    assert current.dataset().release.number == 2
    assert fault(current.dataset()) is None


def test_it_is_opened_once(tmp_path: Path) -> None:
    publish(Releases(tmp_path))
    current = Current(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda _: current.dataset(), range(64)))
    assert len({id(dataset) for dataset in given}) == 1


def test_a_dataset_answers_after_a_switch_and_after_its_release_is_removed(
    tmp_path: Path,
) -> None:
    releases = Releases(tmp_path, keep=1)
    publish(releases)
    current = Current(tmp_path)
    held = current.dataset()
    for _ in range(3):
        publish(releases)
    assert not held.release.path.exists()
    assert fault(held) is None
    assert held.release.number == 1
    assert fault(current.dataset()) is None
    assert current.dataset().release.number == 4


def test_its_identity_is_that_of_the_build(dataset: Dataset) -> None:
    assert dataset.identity.base == dataset.release.manifest.base


@pytest.mark.parametrize(
    ("memory_quads", "copied"), [(0, False), (THINGS - 1, False), (THINGS, True)]
)
def test_a_store_that_is_small_enough_is_copied_to_memory_and_answers_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory_quads: int, *, copied: bool
) -> None:
    publish(Releases(tmp_path))
    copies: list[Store] = []
    original = Store.copied_to_memory

    def copy(store: Store) -> Store:
        copies.append(original(store))
        return copies[-1]

    monkeypatch.setattr(Store, "copied_to_memory", copy)
    dataset = Current(tmp_path, memory_quads=memory_quads).dataset()
    assert (dataset.store in copies) is copied
    assert fault(dataset) is None


@pytest.mark.parametrize(
    ("harm", "error"),
    [
        (lambda path: shutil.rmtree(path / "search"), StorageError),
        (lambda path: shutil.rmtree(path / "store"), StorageError),
        (lambda path: (path / "search" / "meta.json").write_text("{"), StorageError),
        (lambda path: (path / "store" / "CURRENT").write_text("x"), StorageError),
        (lambda path: (path / "manifest.json").write_text("{"), StorageError),
        (lambda path: (path / "manifest.json").unlink(), NotFoundError),
        (shutil.rmtree, NotFoundError),
    ],
)
def test_a_damaged_release_is_told_in_one_line(
    tmp_path: Path, harm: Callable[[Path], object], error: type[Exception]
) -> None:
    release = publish(Releases(tmp_path))
    harm(release.path)
    with pytest.raises(error) as told:
        Current(tmp_path).dataset()
    assert "\n" not in str(told.value)


def test_a_release_that_goes_while_it_is_opened_is_replaced_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    releases = Releases(tmp_path, keep=1)
    publish(releases)
    opened: list[int] = []
    original = Dataset.open.__func__  # type: ignore[attr-defined]

    def slow(cls: type[Dataset], /, release: Release, **more: int) -> Dataset:
        opened.append(release.number)
        if len(opened) == 1:
            publish(releases)
        dataset = original(cls, release, **more)
        assert isinstance(dataset, Dataset)
        return dataset

    monkeypatch.setattr(Dataset, "open", classmethod(slow))
    assert Current(tmp_path).dataset().release.number == 2
    assert opened == [1, 2]


def test_no_thread_brings_back_what_another_has_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow opening of the old release ends after the quick one of the new."""
    releases, current = Releases(tmp_path), Current(tmp_path)
    publish(releases)
    original = Dataset.open.__func__  # type: ignore[attr-defined]
    begun, go_on = Event(), Event()

    def slow(cls: type[Dataset], /, release: Release, **more: int) -> Dataset:
        if release.number == 1:
            begun.set()
            go_on.wait(5)
        dataset = original(cls, release, **more)
        assert isinstance(dataset, Dataset)
        return dataset

    monkeypatch.setattr(Dataset, "open", classmethod(slow))
    first, second = Thread(target=current.dataset), Thread(target=current.dataset)
    first.start()
    begun.wait(5)
    publish(releases)
    second.start()
    second.join(0.3)
    go_on.set()
    first.join()
    second.join()
    assert current.dataset().release.number == 2


def test_threads_that_read_during_switches_never_see_half_a_release(tmp_path: Path) -> None:
    releases = Releases(tmp_path, keep=1)
    publish(releases)
    current = Current(tmp_path)
    done = Event()

    def read() -> tuple[list[str], set[int]]:
        faults, seen = [], set()
        while not done.is_set():
            dataset = current.dataset()
            seen.add(dataset.release.number)
            told = fault(dataset)
            if told:
                faults.append(told)
        return faults, seen

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        for _ in range(12):
            publish(releases)
        time.sleep(0.1)
        done.set()
    faults = [told for reader in readers for told in reader.result()[0]]
    seen = set().union(*(reader.result()[1] for reader in readers))
    assert faults == []
    assert len(seen) > 2
    assert max(seen) == 13


READER = """
    import json, sys, time
    from pathlib import Path
    from graph.dataset import Current, Dataset
    from graph.engine import Query

    home, query = Path(sys.argv[1]), Query(sys.argv[2])
    current, faults, seen = Current(home), [], set()
    while not (home / "done").exists():
        # Opened anew each time: the window of a switch is met as often as can be.
        dataset = Current(home).dataset() if len(seen) % 2 else current.dataset()
        number = str(dataset.release.number)
        seen.add(dataset.release.number)
        found = set(dataset.store.select(query).values("number"))
        hits = [hit.iri for hit in dataset.search.search("thing")]
        if found != {number} or hits != ["i:" + number]:
            faults.append([number, sorted(found), hits])
        print("reads", flush=True) if len(faults) + len(seen) == 1 else None
    print(json.dumps([faults, sorted(seen)]))
"""


def test_another_process_that_reads_during_switches_never_sees_half_a_release(
    tmp_path: Path,
) -> None:
    releases = Releases(tmp_path, keep=1)
    publish(releases)
    command = [sys.executable, "-c", textwrap.dedent(READER), str(tmp_path), NUMBERS.text]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reads\n"
        for _ in range(12):
            publish(releases)
        time.sleep(0.2)
        (tmp_path / "done").touch()
        out, err = reader.communicate(timeout=30)
    assert err == ""
    faults, seen = json.loads(out.splitlines()[-1])
    assert faults == []
    assert len(seen) > 2
    assert seen[-1] == 13


def test_a_small_release_is_copied_to_memory_and_answers_the_same(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = Query("SELECT * WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 1000")
    size = dataset.release.manifest.quads
    copies: list[Store] = []
    copied = Store.copied_to_memory

    def watched(store: Store) -> Store:
        copies.append(copied(store))
        return copies[-1]

    monkeypatch.setattr(Store, "copied_to_memory", watched)
    unheld = Dataset.open(dataset.release, memory_quads=size - 1)
    assert not copies
    held = Dataset.open(dataset.release, memory_quads=size)
    assert held.store is copies[0]
    assert len(held.store) == len(unheld.store) == size
    assert held.store.select(query) == unheld.store.select(query)
