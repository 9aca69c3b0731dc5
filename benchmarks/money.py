"""Flows, rows behind sums, and facets over a million amounts: milliseconds of each question.

The relations of a release are made up as columns of numbers, skewed as real lists of operations
are, and all that follows from them is made as a build makes it. No answer is remembered; what is
read of the tables once is read before the first question, as a server does when it starts.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.measure import median, save, table
from graph.facts import Facts, stamp
from graph.facts.behind import behind
from graph.facts.building import derive
from graph.facts.finding import Finder, Sort, Wanted
from graph.facts.flows import flows
from graph.facts.found import values_of
from graph.facts.reading import MADE, SHAPE
from graph.facts.relations import RELATIONS, Holds
from graph.identity import Identity

_ONTOLOGY = "https://w3id.org/sikg/ontology#"
_IDENTITY = Identity()
_COUNTRIES, _THEMES, _FUNDS, _CALLS = 30, 60, 12, 400
_KINDS, _PHASES = ("total", "eu", "national-public"), ("approved", "paid")
_CURRENCIES = ("EUR", "EUR", "EUR", "EUR", "HUF", "PLN", "CZK", "SEK")
_MONEY = {"kind": "eu", "phase": "approved", "currency": "EUR"}
_LISTS = "a list with all its facets"
_GOAL = 200  # milliseconds, of 95 of 100 questions

_Ids = np.ndarray[tuple[int], np.dtype[np.int64]]


class _Things:
    """Numbers things as a build does, kind by kind."""

    def __init__(self) -> None:
        self._frames: list[pl.DataFrame] = []
        self._next = 0

    def add(self, kind: str, number: int) -> _Ids:
        """Add things of a kind; gives their numbers."""
        keys = [f"{kind}-{place}" for place in range(number)]
        return self._add(kind, keys, [_IDENTITY.entity(kind, key) for key in keys])

    def named(self, kind: str, keys: tuple[str, ...]) -> _Ids:
        """Add things with these keys."""
        return self._add(kind, list(keys), [_IDENTITY.entity(kind, key) for key in keys])

    def of_ontology(self, name: str) -> _Ids:
        """Add a class of the ontology."""
        return self._add(None, [name], [_ONTOLOGY + name])

    def _add(self, kind: str | None, keys: list[str], iris: list[str]) -> _Ids:
        ids = np.arange(self._next, self._next + len(keys))
        self._next += len(keys)
        columns = {"id": ids, "iri": iris, "kind": [kind] * len(keys), "key": keys}
        schema = {"id": pl.UInt32, "iri": pl.String, "kind": pl.String, "key": pl.String}
        self._frames.append(pl.DataFrame(columns, schema=schema))
        return ids

    def frame(self) -> pl.DataFrame:
        """Give the table of all."""
        return pl.concat(self._frames)


def _write(folder: Path, amounts: int) -> None:
    """Write the relations of a release with so many amounts."""
    chance = np.random.default_rng(7)
    things = _Things()
    projects = things.add("project", amounts * 2 // 5)
    funding = things.add("funding", amounts)
    organisations = things.add("organisation", max(10, amounts // 8))
    parts = things.add("participation", len(projects) * 3 // 2)
    programmes = things.add("programme", _FUNDS + _CALLS)
    countries, themes = things.add("country", _COUNTRIES), things.add("theme", _THEMES)
    kinds = things.named("funding-kind", _KINDS)
    phases = things.named("funding-phase", _PHASES)
    project_class, part_class = things.of_ontology("Project"), things.of_ontology("Participation")

    def skewed(values: _Ids, number: int) -> _Ids:
        places = (len(values) * chance.random(number) ** 3).astype(int)
        return np.asarray(values[places])

    def links(subjects: _Ids, objects: _Ids) -> pl.DataFrame:
        return pl.DataFrame({"subject": subjects, "object": objects}).cast(pl.UInt32).unique()

    def texts(subjects: _Ids, values: list[str], language: str | None = None) -> pl.DataFrame:
        nothing = pl.lit(None, pl.String)
        said = pl.Series("value", values, pl.String)
        return pl.DataFrame(
            {"subject": pl.Series(subjects, dtype=pl.UInt32), "value": said}
        ).with_columns(language=nothing if language is None else pl.lit(language), datatype=nothing)

    owners = projects[np.arange(amounts) % len(projects)]
    years = 2007 + (chance.random(len(projects)) * 21).astype(int)
    second = chance.random(len(projects)) < 0.15
    named = np.concatenate([programmes, countries, themes])
    made = {
        "is_a": pl.concat([
            links(projects, np.repeat(project_class, len(projects))),
            links(parts, np.repeat(part_class, len(parts))),
        ]),
        "funding": links(owners, funding),
        "amount": pl.DataFrame({
            "subject": pl.Series(funding, dtype=pl.UInt32),
            "value": pl.Series(np.round(10 ** chance.uniform(3, 7, amounts), 2)).cast(pl.Decimal(38, 6)),
        }),
        "funding_kind": links(funding, kinds[np.arange(amounts) % len(kinds)]),
        "funding_phase": links(funding, skewed(phases, amounts)),
        "currency": texts(funding, [_CURRENCIES[place] for place in chance.integers(0, 8, len(projects))[np.arange(amounts) % len(projects)]]).select("subject", "value"),
        "funded_by": links(projects, skewed(programmes, len(projects))),
        "part_of": links(programmes[_FUNDS:], programmes[chance.integers(0, _FUNDS, _CALLS)]),
        "country": pl.concat([
            links(projects, skewed(countries, len(projects))),
            links(projects[second], skewed(countries, int(second.sum()))),
        ]).unique(),
        "theme": links(projects, skewed(themes, len(projects))),
        "start_date": texts(projects, [str(year) for year in years]),
        "participates_in": links(parts, projects[np.arange(len(parts)) % len(projects)]),
        "participant": links(parts, skewed(organisations, len(parts))),
        "notation": texts(np.concatenate([kinds, phases]), [*_KINDS, *_PHASES]).select("subject", "value"),
        "label": texts(named, [f"Name {number}" for number in named], "en"),
    }  # fmt: skip
    empty = {
        Holds.THING: pl.DataFrame(schema={"subject": pl.UInt32, "object": pl.UInt32}),
        Holds.TEXT: texts(programmes[:0], []),
        Holds.PLAIN: texts(programmes[:0], []).select("subject", "value"),
        Holds.INTEGER: pl.DataFrame(schema={"subject": pl.UInt32, "value": pl.Int64}),
        Holds.DECIMAL: pl.DataFrame(schema={"subject": pl.UInt32, "value": pl.Decimal(38, 6)}),
    }
    things.frame().write_parquet(folder / "thing.parquet")
    for relation in RELATIONS:
        frame = made.get(relation.name, empty[relation.holds])
        frame.write_parquet(folder / f"{relation.name}.parquet")


def _filters(chance: np.random.Generator) -> Iterator[dict[str, str]]:
    """Give filters without end, seldom the same twice."""
    while True:
        given = dict(_MONEY) if chance.random() < 0.6 else {}
        if chance.random() < 0.5:
            given["country"] = f"country-{chance.integers(_COUNTRIES)}"
        if chance.random() < 0.4:
            given["programme"] = f"programme-{chance.integers(_FUNDS + _CALLS)}"
        if chance.random() < 0.5:
            first = int(chance.integers(2007, 2024))
            given["year"] = ",".join(str(year) for year in range(first, first + 5))
        yield given


def _chosen(chance: np.random.Generator) -> Iterator[dict[str, str]]:
    """Give filters of lists without end: a kind, and what things of that kind can have."""
    having = {
        "project": ("country", "programme", "theme", "period"),
        "funding": ("programme", "type", "phase"),
        "organisation": ("programme",),
        "participation": ("programme",),
        "": ("country", "programme", "theme", "period"),
    }
    while True:
        kind = str(chance.choice(list(having)))
        values = {
            "country": f"country-{chance.integers(_COUNTRIES)}",
            "programme": f"programme-{chance.integers(_FUNDS + _CALLS)}",
            "theme": f"theme-{chance.integers(_THEMES)},theme-{chance.integers(_THEMES)}",
            "period": f"{chance.integers(2007, 2020)}-{chance.integers(2020, 2028)}",
            "type": str(chance.choice(_KINDS)),
            "phase": str(chance.choice(_PHASES)),
        }
        given = {name: values[name] for name in having[kind] if chance.random() < 0.4}
        yield {**({"kind": kind} if kind else {}), **given}


def _list(facts: Facts, given: dict[str, str]) -> None:
    """Ask all that a page of a list asks of the tables: counts, facets, and the first things."""
    finder = Finder(facts, Wanted(given, sort=Sort.NEWEST if "period" in given else Sort.NAME))
    finder.total()
    finder.facets(24)
    values_of(facts, finder.things(50))


def _questions(facts: Facts) -> Mapping[str, Callable[[dict[str, str]], object]]:
    def follow(way: str, top: int = 10) -> Callable[[dict[str, str]], object]:
        return lambda given: flows(facts, way.split(","), given, top)

    return {
        "fund → country → theme": follow("fund,country,theme"),
        "the page: that, and fund → year": lambda given: (
            follow("fund,country,theme")(given),
            follow("fund,year", 80)(given),
        ),
        "fund → strand → country → theme → year": follow("fund,strand,country,theme,year"),
        "fund → organisation → country": follow("fund,organisation,country"),
        "fund → strand → project → organisation → country → theme": follow(
            "fund,strand,project,organisation,country,theme"
        ),
        "50 rows behind a sum": lambda given: behind(facts, given, 50),
        _LISTS: lambda given: _list(facts, given),
    }


def _measure(facts: Facts, times: int) -> list[list[str]]:
    rows = []
    for name, ask in _questions(facts).items():
        given = (_chosen if name == _LISTS else _filters)(np.random.default_rng(11))
        ask(next(given))
        taken = []
        for _ in range(times):
            chosen = next(given)
            began = time.perf_counter()
            ask(chosen)
            taken.append((time.perf_counter() - began) * 1000)
        worst = sorted(taken)[int(len(taken) * 0.95)]
        reached = "reached" if worst < _GOAL else "missed"
        rows.append([name, f"{median(taken):.0f}", f"{worst:.0f}", f"{reached} ({_GOAL})"])
        print(rows[-1], flush=True)
    return rows


def main() -> None:
    """Measure, and write the table of results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--amounts", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=60)
    parser.add_argument("--dry", action="store_true", help="write no results")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "facts"
        folder.mkdir()
        _write(folder, given.amounts)
        began = time.perf_counter()
        derive(folder, Path(work))
        (folder / MADE).write_text(json.dumps({"unfit": {}, "shape": SHAPE}), "utf-8")
        stamp(folder, 1, "0")
        print(f"tables of {given.amounts:,} amounts: {time.perf_counter() - began:.1f} s")
        rows = _measure(Facts(folder), given.times)
    if not given.dry:
        head = ["question", "median, ms", "95 of 100, ms", "goal, ms"]
        said = f"{given.amounts:,} amounts, {given.times} questions each, no answer remembered."
        save("money", "Flows of money, and facets", f"{said}\n\n{table(head, rows)}")


if __name__ == "__main__":
    main()
