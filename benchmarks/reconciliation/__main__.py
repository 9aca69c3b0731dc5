"""Measure how well and how fast names are reconciled: `python -m benchmarks.reconciliation`.

One half of the gold sets was for choosing the least score of a certain match; the other is asked
here. All names of both halves stand in the register that is asked, but for a third of them.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.matching import gold
from benchmarks.matching.gold import PUBLISHED, Gold
from benchmarks.measure import median, save, table
from benchmarks.reconciliation.homes import publish
from benchmarks.reconciliation.measuring import Asked, ask, by, tally
from benchmarks.startup import wait_for
from graph.dataset import Dataset
from graph.identities.profiles import Profile

_SIKG = str(Path(sys.executable).parent / "sikg")
_PORT = 8733
_LEAST = 20  # questions of a language that is shown by itself
_NAMES, _BATCHES, _AT_ONCE, _OPENREFINE = 120_000, 5, 1_000, 100
_GOAL = 5.0  # seconds for 1,000 names
_HEAD = ("questions", "first", "among five", "precision of match", "recall of match")
_SETS: tuple[Callable[..., Gold], ...] = (gold.altered, gold.bulgarian, gold.aliases)


def main() -> None:
    """Measure and write `results/reconciliation.md`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="ask only every so many-th question")
    parser.add_argument("--speed", action="store_true", help="measure the speed alone")
    given = parser.parse_args()
    if not PUBLISHED.is_dir():
        sys.exit(f"the published files are not at {PUBLISHED}")
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="sikg-reconciliation-") as work:
        for number, make in enumerate(() if given.speed else _SETS):
            lines += _quality(Path(work, str(number)), make, given.every)
        lines += _speed(Path(work, "speed"))
    text = "\n".join(lines)
    if given.speed:
        print(text)
    else:
        save("reconciliation", "Reconciliation", text)


def _quality(home: Path, make: Callable[..., Gold], apart: int) -> Iterator[str]:
    asked, other = make(reported=True), make(reported=False)
    release = publish(home, [*asked.register, *other.register])
    dataset = Dataset.open(release, memory_quads=10_000_000)
    questions = asked.questions[::apart]
    yield f"\n## {asked.name}: {dataset.names.size:,} names in the register\n"
    alone = ask(dataset, questions, country=False)
    told = ask(dataset, questions, country=True)
    rows = [["the name alone", *tally(alone).cells()], ["and its country", *tally(told).cells()]]
    yield table(("asked", *_HEAD), rows)
    yield from _divided(alone, told)


def _divided(alone: Sequence[Asked], told: Sequence[Asked]) -> Iterator[str]:
    for what, key in (
        ("language", lambda question: question.language),
        ("alteration", lambda question: question.alteration),
    ):
        beside = by(key, told)
        rows = [
            [name, *found.cells(), beside[name].cells()[1], beside[name].cells()[3]]
            for name, found in by(key, alone).items()
            if found.asked >= _LEAST
        ]
        if len(rows) > 1:
            yield ""
            yield table((what, *_HEAD, "first, with country", "precision, with country"), rows)


def _speed(home: Path) -> Iterator[str]:
    """Send batches over HTTP to a server of one process, over more than 100,000 names."""
    chance = random.Random(9)
    first, second = gold.altered(reported=True), gold.altered(reported=False)
    register = [*first.register, *second.register, *gold.bulgarian(reported=True).register]
    began = time.perf_counter()
    publish(home, _enlarged(register, chance))
    built = time.perf_counter() - began
    asked = [question.profile.names[0] for question in chance.sample(first.questions, 5_000)]
    server = subprocess.Popen(
        [_SIKG, "serve", "--home", str(home), "--port", str(_PORT)],
        env={"SIKG_ACCESS_LOG": "off", "PATH": "/usr/bin:/bin"},
    )
    try:
        wait_for(f"http://127.0.0.1:{_PORT}/ready")
        opened = _timed(asked[:1])
        whole = [_timed(asked[n::_BATCHES]) for n in range(_BATCHES)]
        parts = [
            sum(_timed(asked[n : n + _OPENREFINE]) for n in range(start, start + 1000, _OPENREFINE))
            for start in range(0, 5_000, 1_000)
        ]
    finally:
        server.terminate()
        server.wait(timeout=30)
    yield f"\n## Speed: {_NAMES:,} names of organisations, one process, through HTTP\n"
    rows = [
        [f"{_AT_ONCE:,} names in one batch (goal: under {_GOAL:g})", *_range(whole)],
        [f"{_AT_ONCE:,} names in batches of {_OPENREFINE}, one after the other", *_range(parts)],
        ["the first name of a process", f"{opened:.2f}", ""],
        ["making the whole release", f"{built:.1f}", ""],
    ]
    yield table(("seconds", "median of five", "slowest"), rows)


def _enlarged(register: Sequence[Profile], chance: random.Random) -> Iterator[Profile]:
    """Add organisations whose names are the halves of those of two others."""
    yield from register
    number = sum(len(profile.names) for profile in register)
    for place in range(_NAMES - number):
        one, two = chance.sample(register, 2)
        words = one.names[0].split(), two.names[0].split()
        name = " ".join([*words[0][: len(words[0]) // 2 + 1], *words[1][len(words[1]) // 2 :]])
        yield Profile(f"organisation/made-{place}", (name,), one.countries)


def _timed(names: Sequence[str]) -> float:
    batch = {f"q{n}": {"query": name, "type": "Organisation"} for n, name in enumerate(names)}
    body = urllib.parse.urlencode({"queries": json.dumps(batch)}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{_PORT}/reconcile", body)
    began = time.perf_counter()
    with urllib.request.urlopen(request, timeout=120) as answer:
        found = json.load(answer)
    took = time.perf_counter() - began
    assert len(found) == len(names)  # noqa: S101  # what is not answered would be quick
    return took


def _range(seconds: Sequence[float]) -> list[str]:
    return [f"{median(seconds):.2f}", f"{max(seconds):.2f}"]


if __name__ == "__main__":
    main()
