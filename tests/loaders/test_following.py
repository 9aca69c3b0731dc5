"""A build that follows the release before makes what one that makes all anew makes."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

import ontology
from graph.formats import GRAPH_FORMATS, by_name
from graph.identities.ledger import COLUMNS
from graph.identity import Identity
from graph.lines import Lines
from graph.store import Store, new_buffer
from graph.takedowns import Takedown, Takedowns
from graph.writing import place
from graph.writing.requests import Outcome, Write
from graph.writing.writer import Writer
from loaders.building import stock
from loaders.building.build import Inputs, build
from loaders.building.check import check_sources, read_sources
from loaders.building.identities import SOURCE, identify, write_identities
from loaders.building.memory import Memory
from loaders.building.progress import Silent
from loaders.building.stock import Stock, begun, read_inventory
from loaders.building.writing import Plan, begin, engines_of, planned, write_sources
from loaders.language.mapping import SourceMapping
from loaders.privacy.hiding import Hiding
from tests.loaders.conftest import Bench
from tests.loaders.described import BODIES, COUNTRIES, OTHER_ROR, PROJECTS, RECEIPTS, ROR

IDENTITY = Identity()
LEDGER = ",".join(COLUMNS) + "\n"
JUDGED = "organisation/{},organisation/{},same,0.97,one name,Anna,2026-11-22\n"
RORS = ["", ROR, OTHER_ROR]
SEED = 7
BODY = IDENTITY.entity("organisation", "k1")
ALSO = ontology.expand("skos:altLabel")
KEYS = [f"k{number}" for number in range(9)]


@dataclass
class World:
    """Five tables and what else a build is made from, to which things happen at random."""

    bench: Bench
    chance: random.Random
    bodies: dict[str, list[list[str]]] = field(default_factory=dict)
    projects: dict[str, list[list[str]]] = field(default_factory=dict)
    judged: list[tuple[str, str]] = field(default_factory=list)
    taken: list[Takedown] = field(default_factory=list)
    language: str = "en"

    def __post_init__(self) -> None:
        for name in ("ones", "others", "thirds"):
            self.bodies[name] = [self.body() for _ in range(7)]
        for name in ("works", "plans"):
            self.projects[name] = [self.project() for _ in range(7)]

    def body(self) -> list[str]:
        """Give a row of organisations; some of them have the same identifier."""
        key, name = self.chance.choice(KEYS), f"Body {self.chance.choice('ABC')}"
        ror = self.chance.choice(RORS) if key in KEYS[:2] else ""
        return [key, name, ror, self.chance.choice(["EE", "LV", ""]), "", "seen"]

    def project(self) -> list[str]:
        """Give a row of projects; some refer to nothing that exists."""
        return [self.chance.choice(KEYS), "Work", self.chance.choice(KEYS)]

    def rows(self) -> list[list[str]]:
        """Choose a table."""
        return self.chance.choice([*self.bodies.values(), *self.projects.values()])

    def new_row(self, rows: list[list[str]]) -> list[str]:
        """Give a row that fits others."""
        return self.body() if len(rows[0]) > 3 else self.project()

    def happenings(self) -> list[Callable[[], object]]:
        """Give what happens to sources, in random order."""

        def add(place: int) -> None:
            rows = self.rows()
            rows.insert(place, self.new_row(rows))

        def rename(name: str) -> None:
            self.rows()[0][1] = name

        def speak(language: str) -> None:
            self.language = language

        found: list[Callable[[], object]] = [
            lambda: None,
            lambda: add(3),
            lambda: add(0),
            lambda: self.rows().pop(),
            lambda: rename("Another name"),
            lambda: rename("Yet another"),
            lambda: self.bodies["ones"][1].__setitem__(5, "common"),
            lambda: self.projects.pop("plans"),
            lambda: speak("et"),
            lambda: self.judged.append(("k3", "k4")),
            self.judged.clear,
            lambda: self.taken.append(_taken("k7")),
        ]
        self.chance.shuffle(found)
        return found

    def mappings(self) -> list[SourceMapping]:
        """Write the tables; give their mappings."""
        found = []
        projects = PROJECTS.replace("lang: en", f"lang: {self.language}")
        for tables, head, text in (
            (self.bodies, "id,name,ror,country,url,sure", BODIES + COUNTRIES + RECEIPTS),
            (self.projects, "id,name,body", projects),
        ):
            for name, rows in tables.items():
                lines = [head, *(",".join(row) for row in rows)]
                self.bench.file(f"{name}.csv", "\n".join(lines) + "\n")
                found.append(self.bench.mapping(text, name))
        return found

    def fill(self, folder: Path, before: Stock | None) -> Filled:
        """Fill a store as a build does."""
        folder.mkdir()
        judged = "".join(JUDGED.format(*pair) for pair in dict.fromkeys(self.judged))
        ledger = self.bench.file("ledger.csv", LEDGER + judged)
        taken = Takedowns(self.taken)
        memory = Memory(before, taken)
        sources = read_sources(
            self.mappings(),
            self.bench.folder,
            hiding=Hiding(IDENTITY, taken),
            recall=memory.recall,
        )
        known = check_sources(sources, IDENTITY, {"country": {"EE", "LV"}}, look=memory.look)
        same = identify(sources, IDENTITY, known, ledger)
        kept = begun(folder, IDENTITY.base)
        engines = engines_of(sources, IDENTITY, known, same)
        plan = planned(sources, engines, before, "")
        with begin(plan, folder / "filling", kept, IDENTITY) as loading:
            written = write_sources(sources, engines, plan, loading, Silent())
            memory.keep(sources, kept)
            shared = write_identities(same, IDENTITY, ledger, kept.new_place(SOURCE), folder)
            for item in shared:
                loading.take_all(item)
            loading.wait(Lines.together(item.lines for item in (*shared, *written.values())))
            loading.settle()
            return Filled(loading.stock, _held(loading.store), loading.digest(), plan)


@dataclass(frozen=True)
class Filled:
    """A store that was filled: all its statements and the names of its graphs, and how."""

    stock: Stock
    held: list[bytes]
    digest: str
    plan: Plan


def _held(store: Store) -> list[bytes]:
    target, nquads = new_buffer(), by_name(GRAPH_FORMATS, "nquads")
    assert nquads is not None
    store.dump(target, nquads)
    return sorted([*target.getvalue().splitlines(), *map(str.encode, store.named_graphs())])


def _taken(key: str) -> Takedown:
    return Takedown("iri", IDENTITY.entity("organisation", key), "asked", date(2026, 11, 22))


def test_whatever_happens_to_sources_is_followed(bench: Bench, tmp_path: Path) -> None:
    world = World(bench, random.Random(SEED))  # noqa: S311  # a seeded choice
    last = world.fill(tmp_path / "first", None)
    follows = []
    for turn, happens in enumerate(world.happenings()):
        happens()
        last = world.fill(tmp_path / f"followed-{turn}", last.stock)
        if turn % 2:  # what went wrong would stay wrong
            anew = world.fill(tmp_path / f"anew-{turn}", None)
            assert last.held == anew.held
            assert last.digest == anew.digest
        follows.append(last.plan.before is not None)
    assert follows.count(True) > 6


KILLED = """\
import os, signal, sys
from pathlib import Path
from graph.identities.ledger import COLUMNS
from graph.identity import Identity
from graph.release import Releases
from loaders.building import stock
from loaders.building.build import Inputs, build
from loaders.building.following import Following
from loaders.language.mapping import read_mapping
stock._code = lambda: sys.argv[2]  # who works on the code while its tests run changes it
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
Following._finish = die  # the store has new statements then, and old ones still
folder = Path(sys.argv[1])
mappings = [read_mapping(folder / f"{name}.yaml") for name in sys.argv[3:]]
build(Releases(folder / "home"), Inputs(mappings, folder, Identity()))
"""


def test_a_build_that_is_killed_leaves_what_the_next_one_follows(bench: Bench) -> None:
    """Edits by hand are there meanwhile, and stay."""
    world, releases = World(bench, random.Random(SEED)), bench.releases()  # noqa: S311
    for row in (row for rows in world.bodies.values() for row in rows):
        row[3] = ""  # there are no countries here
    build(releases, Inputs(world.mappings(), bench.folder, IDENTITY))
    graph = f"{IDENTITY.base}id/graph/edits/a"
    text = f'INSERT DATA {{ GRAPH <{graph}> {{ <{BODY}> <{ALSO}> "By hand"@en }} }}'
    write = Write("update", "Mari", sha256(text.encode()).hexdigest(), text.encode())
    [outcome] = Writer(releases, place.folder(releases.home)).write([write])
    assert isinstance(outcome, Outcome)
    world.bodies["others"][0][1] = "Another name"
    world.projects["plans"].append(["new", "Work", ""])
    mappings = world.mappings()
    names = [mapping.name for mapping in mappings]
    command = [sys.executable, "-c", KILLED, str(bench.folder), stock._code(), *names]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert releases.current().number == 2

    followed, _ = build(releases, Inputs(mappings, bench.folder, IDENTITY))
    told = read_inventory(followed.path)
    assert told is not None
    assert told.why_all == ""
    assert told.renewed == ("others", "plans")
    anew, _ = build(releases, Inputs(mappings, bench.folder, IDENTITY, whole=True))
    assert followed.manifest.digest == anew.manifest.digest
    stores = [Store.open_read_only(item.store_path) for item in (followed, anew)]
    assert _sources_of(stores[0]) == _sources_of(stores[1])
    assert any(b'"By hand"@en' in line for line in _sources_of(stores[0]))


def _sources_of(store: Store) -> list[bytes]:
    """Give all that a store holds but what describes its release."""
    described = [f"{IDENTITY.graph(name)}>".encode() for name in ("void", "service", "quality")]
    about = (*described, f"{IDENTITY.graph('catalogue')}>".encode())
    return [line for line in _held(store) if not line.removesuffix(b" .").endswith(about)]
