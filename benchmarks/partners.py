"""Finding partners among 100,000 organisations: ranking, reasons, and the rows behind them.

Organisations are skewed as real ones are: few take part in thousands of projects, most in one or
two. A question is timed whole, as a page asks it, without the remembering of answers.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import median, save, table
from graph.facts import Facts, build, stamp
from graph.identity import Identity
from graph.lines import Lines
from graph.partners import rank, read_question, read_rows, reasons
from graph.store import Store

_SIKG = "https://w3id.org/sikg/ontology#"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_THEMES, _COUNTRIES, _PROGRAMMES = 60, 40, 400
_ROLES = ("lead-partner", "partner", "partner", "partner", "associated-partner", "funder")
_IDENTITY = Identity()


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds of one question: of the ranking alone, and with reasons and rows."""

    ranking: float
    whole: float


def _iri(kind: str, key: object) -> str:
    return f"<{_IDENTITY.entity(kind, str(key))}>"


def _said(subject: str, name: str, value: str) -> str:
    return f"{subject} <{_SIKG}{name}> {value}"


def _statements(organisations: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Give statements with the row that states each."""
    for number in range(_PROGRAMMES):
        programme, row = _iri("programme", number), f"<{_IDENTITY.row('programmes', number)}>"
        yield f"{programme} {_TYPE} <{_SIKG}{'Call' if number >= 100 else 'Programme'}>", row
        if number:
            yield _said(programme, "partOf", _iri("programme", number % 100 // 10)), row
        if number >= 100 and number % 3:
            yield _said(programme, "deadline", f'"{2020 + number % 10}"'), row
    for number in range(organisations):
        organisation, row = _iri("organisation", number), f"<{_IDENTITY.row('orgs', number)}>"
        yield f"{organisation} {_TYPE} <{_SIKG}Organisation>", row
        yield _said(organisation, "country", _iri("country", number % _COUNTRIES)), row
    for number in range(organisations // 2):
        project, row = _iri("project", number), f"<{_IDENTITY.row('projects', number)}>"
        yield f"{project} {_TYPE} <{_SIKG}Project>", row
        yield _said(project, "fundedBy", _iri("programme", chance.randrange(_PROGRAMMES))), row
        yield _said(project, "startDate", f'"{2014 + number % 12}"'), row
        for theme in chance.sample(range(_THEMES), 2):
            yield _said(project, "theme", _iri("theme", theme)), row
        yield _said(project, "targetGroup", _iri("target-group", number % 25)), row
        for place in range(chance.randrange(2, 11)):
            # The cube makes few organisations take part in very much.
            who = int(organisations * chance.random() ** 3) if place else number * 2
            part = _iri("participation", f"{number}-{place}")
            yield f"{part} {_TYPE} <{_SIKG}Participation>", row
            yield _said(part, "participant", _iri("organisation", who)), row
            yield _said(part, "participatesIn", project), row
            yield _said(part, "role", _iri("role", chance.choice(_ROLES))), row


def _made(organisations: int, folder: Path) -> tuple[Store, Facts]:
    lines = Lines((folder / "merged.nt",), (folder / "stated.nq",))
    with lines.merged[0].open("w") as merged, lines.stated[0].open("w") as stated:
        for statement, row in _statements(organisations, random.Random(1)):
            merged.write(f"{statement} .\n")
            stated.write(f"{statement} {row} .\n")
    store = Store.create(folder / "store")
    for path in (*lines.merged, *lines.stated):
        store.load_statements(path)
    store.optimise()
    build(store, _IDENTITY, folder / "facts", lines)
    stamp(folder / "facts", 1, "")
    return store, Facts(folder / "facts")


def _asked(organisations: int, number: int) -> Iterator[tuple[str | None, dict[str, str]]]:
    """Give questions of large and small organisations, and of nobody, narrow and wide."""
    chance = random.Random(2)
    yield "0", {}  # the one that takes part in most
    for place in range(number - 1):
        who = str(int(organisations * chance.random() ** 3)) if place % 4 else None
        filters = {"theme": str(chance.randrange(_THEMES))} if who is None or place % 2 else {}
        if place % 3 == 0:
            filters["country"] = str(chance.randrange(_COUNTRIES))
        yield who, filters


def _ask(store: Store, facts: Facts, who: str | None, filters: dict[str, str]) -> Taken:
    began = time.perf_counter()
    question = read_question(facts, filters, day="2026-11-22", organisation=who)
    ranking = rank(facts, question)
    ranked = time.perf_counter()
    proposals = reasons(facts, ranking)
    paths = (path for item in proposals for reason in item.reasons for path in reason.paths)
    read_rows(store, _IDENTITY, (item for path in paths for item in path.statements()))
    return Taken((ranked - began) * 1000, (time.perf_counter() - began) * 1000)


def main() -> None:
    """Measure questions among so many organisations, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--organisations", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=60)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store, facts = _made(given.organisations, Path(folder))
        ((doing,),) = facts.ask("SELECT count(*) FROM partner_doing")
        ((profile,),) = facts.ask("SELECT count(*) FROM partner_profile")
        taken = [
            _ask(store, facts, who, filters)
            for who, filters in _asked(given.organisations, given.questions)
        ]
        cold, largest = taken[0], _ask(store, facts, "0", {})
    rows = [
        [name, *(f"{value:.0f}" for value in (median(times), _p95(times), max(times)))]
        for name, times in (
            ("ranking", [item.ranking for item in taken[1:]]),
            ("with reasons and their rows", [item.whole for item in taken[1:]]),
        )
    ]
    text = (
        f"{given.organisations:,} organisations that do {doing:,} things in roles; {profile:,} "
        f"lines of profiles; {given.questions} different questions, ten partners each.\n\n"
        + table(["milliseconds", "median", "p95", "largest"], rows)
        + f"\n\nThe first question of a process, which reads the tables, took {cold.whole:.0f} ms; "
        f"the organisation that takes part in most asks in {largest.whole:.0f} ms. "
        "Goal: under 1,000."
    )
    save("partners", "Finding partners", text)


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


if __name__ == "__main__":
    main()
