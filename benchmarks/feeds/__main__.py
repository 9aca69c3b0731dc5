"""Record, follow, change and compare a release: `python -m benchmarks.feeds [STATEMENTS]`.

The goal is a replica of a million statements from the feed in under 120 s.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.measure import Run, run, save, table
from graph.digest import Digest
from graph.identity import Identity
from graph.release import Manifest, Releases
from graph.search import SearchIndex
from graph.store import Store
from graph.writing import place
from graph.writing.requests import Outcome, Write
from graph.writing.writer import Writer

GOAL = 1_000_000
PORT = 8753
SIKG = str(Path(sys.executable).with_name("sikg"))
IDENTITY = Identity("http://feeds.example/")
OF_ROW = 12  # statements of a row: nine of a thing, three of its receipt
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
ONTOLOGY = "https://w3id.org/sikg/ontology#"


def lines(rows: int) -> Iterator[bytes]:
    """Make the statements of rows: a thing each, with a receipt."""
    receipts = f"<{IDENTITY.graph('receipts')}>"
    for number in range(rows):
        thing = f"<{IDENTITY.entity('project', f'p{number}')}>"
        row = f"<{IDENTITY.row('made', number)}>"
        yield f'{thing} <{LABEL}> "Project {number}"@en {row} .\n'.encode()
        for place_ in range(8):
            other = IDENTITY.entity("theme", f"t{number * 7 % 40 + place_}")
            yield f"{thing} <{ONTOLOGY}link{place_}> <{other}> {row} .\n".encode()
        table = f"<{IDENTITY.table('made')}>"
        yield f"{row} <{ONTOLOGY}fromTable> {table} {receipts} .\n".encode()
        yield f'{row} <{ONTOLOGY}fileName> "made.csv" {receipts} .\n'.encode()
        yield f'{row} <{ONTOLOGY}citedSource> "page {number}" {receipts} .\n'.encode()


def publish(home: Path, rows: int) -> None:
    """Publish a release of made statements, without what only pages need."""
    releases, digest = Releases(home), Digest()
    with releases.draft() as folder:
        file, final = folder / "all.nq", folder / "release"
        final.mkdir()
        with file.open("wb") as target:
            target.writelines(lines(rows))
        digest.add_file(file)
        store = Store.create(folder / "work")
        store.load_statements(file)
        store.optimise()
        store.checkpoint(final / "store")
        SearchIndex.build(final / "search", [])
        manifest = Manifest(
            number=1,
            created=datetime.now(UTC),
            base=IDENTITY.base,
            digest=digest.hexdigest(),
            statements=0,
            quads=len(store),
            conforms=True,
            software="0",
            ontology="0",
            sources=(),
        )
        releases.publish(final, manifest)


def change(home: Path, things: int) -> None:
    """Write a new name of some things, as one release."""
    graph = f"{IDENTITY.graph('edits')}/bench"
    stated = " ".join(
        f'<{IDENTITY.entity("project", f"p{number}")}> <{LABEL}> "New {number}"@en .'
        for number in range(things)
    )
    text = f"INSERT DATA {{ GRAPH <{graph}> {{ {stated} }} }}".encode()
    writer = Writer(Releases(home), place.folder(home))
    [outcome] = writer.write([Write("update", "bench", "0" * 64, text)])
    if not isinstance(outcome, Outcome):
        raise outcome


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve a home until it is done with."""
    command = [SIKG, "serve", "--home", str(home), "--port", str(PORT), "--workers", "1"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{PORT}/"
    try:
        for _ in range(1200):
            try:
                urlopen(f"{address}health", timeout=5).close()
                break
            except (URLError, ConnectionError):
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


def timed(work: Callable[[], object]) -> float:
    """Give the seconds that some work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure(folder: Path, statements: int) -> list[list[str]]:
    """Measure each step on one release and its successor."""
    theirs, ours = folder / "theirs", folder / "ours"
    publish(theirs, statements // OF_ROW)
    rows: list[list[str]] = []

    def add(what: str, seconds: float, peak: float | None = None) -> None:
        rows.append([what, f"{seconds:.1f}", "" if peak is None else f"{peak:.0f}"])

    with served(theirs) as address:

        def ask() -> None:
            urlopen(f"{address}feed", timeout=600).close()

        def follow() -> Run:
            return run([SIKG, "follow", address, "--home", str(ours)])

        add("tell everything for the first time", timed(ask))
        whole = follow()
        add("replicate everything", whole.seconds, whole.peak)
        change(theirs, 1_000)
        add("tell of 1,000 changed things", timed(ask))
        again = follow()
        add("replicate these", again.seconds, again.peak)
    compared = run([SIKG, "diff", "1", "2", "--home", str(theirs), "--json"])
    add("compare the two releases", compared.seconds, compared.peak)
    return rows


def main() -> None:
    """Measure, and write the table."""
    statements = int(sys.argv[1]) if len(sys.argv) > 1 else GOAL
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder), statements)
    told = table(["step", "seconds", "peak MiB"], rows)
    if statements < GOAL:  # a trial, of which nothing is kept
        print(told)
        return
    title = f"Feeds: a release of {statements:,} statements, and a replica on the same machine"
    save("feeds", title, told)


if __name__ == "__main__":
    main()
