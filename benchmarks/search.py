"""Search among a million names through HTTP: words, beginnings, typing errors, other letters.

Names are those of real organisations and projects, and halves of two of them put together, some
with a typing error, so that there are as many different words as in so many real names. Each
question is asked once, over one connection to one process. `--home` keeps the release, and asks
the one that is there.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.client import HTTPConnection
from itertools import chain, islice
from os import environ
from pathlib import Path
from urllib.parse import quote

from anyascii import anyascii

from benchmarks.matching.altering import mistyped
from benchmarks.matching.gold import BULGARIAN, PUBLISHED, ROR
from benchmarks.measure import median, save, table
from benchmarks.sparql.generate import Graph
from benchmarks.sparql.release import publish
from benchmarks.startup import wait_for, wait_for_rest
from graph.identity import Identity
from graph.release import Release, Releases
from graph.terms import iri, n3, text
from ontology import Class, expand

_SIKG = str(Path(sys.executable).parent / "sikg")
_PORT = 8735
_GOAL = 5  # ms
_IDENTITY = Identity()
_TYPE, _NAME, _OTHER = (
    f"<{expand(name)}>" for name in ("rdf:type", "skos:prefLabel", "skos:altLabel")
)
_KINDS = {"organisation": Class.ORGANISATION, "project": Class.PROJECT}
_SEVERAL = 0.3  # of all names are a further one of the thing before
_MISTYPED = 0.1  # of the names that are put together
_ASKED = "asked.json"

Told = tuple[str, str]  # a name and its language


def _organisations() -> Iterator[Told]:
    with gzip.open(ROR, "rt", encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            if "name" in record:
                yield from ((name, "und") for name in (record["name"], *record["aliases"]))
                yield from ((item["label"], item["iso639"] or "und") for item in record["labels"])
            else:
                yield from ((item["value"], item["lang"] or "und") for item in record["names"])
    with BULGARIAN.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield row["Beneficiary Name"], "und"


def _projects() -> Iterator[Told]:
    for name, encoding, delimiter, language in (
        ("LT_all-funds_2014-2020.csv", "utf-8-sig", ",", "lt"),
        ("PL_ESF_2014-2020.csv", "cp1250", ";", "pl"),
    ):
        path = PUBLISHED / "operations" / name
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            yield from ((row[0], language) for row in csv.reader(file, delimiter=delimiter) if row)


def _names(number: int, chance: random.Random) -> Iterator[tuple[str, Told]]:
    """Give so many names with their kind: the real ones mixed, then those put together."""
    real = {
        kind: list(
            dict.fromkeys((" ".join(name.split()), tag) for name, tag in found if name.strip())
        )
        for kind, found in (("organisation", _organisations()), ("project", _projects()))
    }
    mixed = [(kind, told) for kind, found in real.items() for told in found]
    chance.shuffle(mixed)
    return islice(chain(mixed, iter(lambda: _made(real, chance), None)), number)


def _made(real: Mapping[str, list[Told]], chance: random.Random) -> tuple[str, Told]:
    (kind,) = chance.choices(tuple(real), [len(found) for found in real.values()])
    (one, tag), (two, _) = chance.sample(real[kind], 2)
    words = one.split(), two.split()
    name = " ".join([*words[0][: len(words[0]) // 2 + 1], *words[1][len(words[1]) // 2 :]])
    return kind, (mistyped(name, chance) if chance.random() < _MISTYPED else name, tag)


def _publish(home: Path, number: int) -> Release:
    """Publish a release of so many names, and leave beside it some of them to ask for."""
    chance, count = random.Random(7), 0
    home.mkdir(parents=True, exist_ok=True)
    asked: list[str] = []
    file = home / "names.nt"
    with file.open("w", encoding="utf-8") as lines:
        thing, before = "", ""
        for place, (kind, (name, tag)) in enumerate(_names(number, chance)):
            further = kind == before and chance.random() < _SEVERAL
            if not further:
                thing, before = n3(iri(_IDENTITY.entity(kind, str(place)))), kind
                lines.write(f"{thing} {_TYPE} <{_KINDS[kind]}> .\n")
                count += 1
            lines.write(f"{thing} {_OTHER if further else _NAME} {n3(text(name, tag))} .\n")
            count += 1
            if place % 50 == 0:
                asked.append(name)
    (home / _ASKED).write_text(json.dumps(asked), encoding="utf-8")
    release = publish(home, Graph((file,), count, 0, 0.0, {}))
    file.unlink()
    return release


def _word(name: str, chance: random.Random) -> str:
    return chance.choice(name.split())


def _begun(name: str, chance: random.Random) -> str:
    word = _word(name, chance)
    return word[: chance.randrange(2, max(len(word), 3) + 1)]


def _typed(name: str, chance: random.Random) -> str:
    """Give two words, the second as far as it has been typed."""
    words = name.split()
    return f"{chance.choice(words)} {_begun(chance.choice(words), chance)}"


def _wrong(name: str, chance: random.Random) -> str:
    long = [word for word in name.split() if len(word) > 4 and word.isalpha()]
    return mistyped(chance.choice(long or ["university"]), chance)


def _strange(_: str, chance: random.Random) -> str:
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randrange(6, 12)))


_WAYS: Mapping[str, Callable[[str, random.Random], str]] = {
    "a name as it is": lambda name, _: name,
    "in small letters a to z": lambda name, _: anyascii(name).lower(),
    "a word": _word,
    "the beginning of a word": _begun,
    "a word and the beginning of another": _typed,
    "a word with a typing error": _wrong,
    "a name with one or two errors": mistyped,
    "what no name holds": _strange,
}
_PATHS = {
    "/api/v1/search": "/api/v1/search?q={}",
    "suggestions of the box": "/api/v1/suggest?q={}",
}


def _measure(home: Path, number: int) -> Iterator[tuple[str, str, list[float]]]:
    """Ask so many questions of each way at each path: path, way, and the milliseconds of each."""
    names = json.loads((home / _ASKED).read_text(encoding="utf-8"))
    chance = random.Random(8)
    serve = [_SIKG, "serve", "--home", str(home), "--port", str(_PORT), "--workers", "1"]
    with subprocess.Popen(serve, env={**environ, "SIKG_ACCESS_LOG": "off"}) as server:
        try:
            wait_for(f"http://127.0.0.1:{_PORT}/ready")
            wait_for_rest()
            connection = HTTPConnection("127.0.0.1", _PORT, timeout=120)
            asked: set[str] = set()
            for what, path in _PATHS.items():
                _ask(connection, path.format("warm"))  # what a process does once
                for way, write in _WAYS.items():
                    taken: list[float] = []
                    while len(taken) < number:
                        words = write(chance.choice(names), chance)
                        if (address := path.format(quote(words[:200]))) not in asked:
                            asked.add(address)
                            taken.append(_ask(connection, address))
                    yield what, way, taken
        finally:
            server.terminate()


def _ask(connection: HTTPConnection, address: str) -> float:
    began = time.perf_counter()
    connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{address}: {answer.status}")
    return (time.perf_counter() - began) * 1000


def _row(what: str, way: str, taken: Sequence[float]) -> Sequence[str]:
    ordered = sorted(taken)
    high = ordered[int(len(ordered) * 0.95)]
    return [what, way, *(f"{value:.1f}" for value in (median(ordered), high, ordered[-1]))]


def main() -> None:
    """Measure, and write `results/search.md`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=400, help="of each way at each path")
    given = parser.parse_args()
    if not PUBLISHED.is_dir():
        sys.exit(f"the published files are not at {PUBLISHED}")
    with tempfile.TemporaryDirectory(prefix="sikg-search-") as folder:
        home = given.home or Path(folder)
        there = (home / "current").exists()
        release = Releases(home).current() if there else _publish(home, given.names)
        found = list(_measure(home, given.questions))
    together = [
        _row(
            what, "all of them", [one for path, _, taken in found if path == what for one in taken]
        )
        for what in _PATHS
    ]
    rows = [*(_row(*item) for item in found), *together]
    text_ = (
        f"{given.names:,} names of two kinds of things in a release of {release.manifest.quads:,} "
        f"quads; {given.questions} questions of each way, each asked once.\n\n"
        + table(["", "asked", "median ms", "p95 ms", "largest ms"], rows)
        + f"\n\nGoal: p95 under {_GOAL} ms."
    )
    save("search", "Search by name through HTTP", text_)


if __name__ == "__main__":
    main()
