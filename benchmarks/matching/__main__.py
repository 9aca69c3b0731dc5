"""Measure proposals on gold sets, ours and those of Splink: `python -m benchmarks.matching`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.matching import gold
from benchmarks.matching.gold import PUBLISHED, Gold
from benchmarks.matching.matchers import ours, splink
from benchmarks.matching.measuring import (
    Answers,
    Matcher,
    Tally,
    best_threshold,
    by,
    same_names,
    tally,
)
from benchmarks.matching.merging import merge_mistyped
from benchmarks.matching.missing import KINDS, UNTOLD, kinds, missed

_RESULT = Path(__file__).parents[1] / "results" / "matching.md"
_WANTED = 0.992  # precision to choose a threshold for: above the goal, since the other half differs
_MADE = (
    "Made by `make bench BENCH=matching`. One half of the gold sets was for choosing, all figures are "
    "of the other. Ours is what `sikg match` proposes, Splink is measured at the least threshold that "
    f"reaches a precision of {_WANTED} on the first half."
)
_LEAST = 20  # questions of a language that is shown by itself
_SETS = (gold.altered, gold.bulgarian)
_ALL = 0.0  # what ours proposes, it proposes
_TOLD = ("names", "town", "town and site")
_HEAD = (
    "| {} | questions | proposed | wrong | precision | with 95 % confidence | recall |\n"
    "|---|---|---|---|---|---|---|"
)


def main() -> None:
    """Choose thresholds on one half, measure on the other, and write the table."""
    if not PUBLISHED.is_dir():
        sys.exit(f"the published files are not at {PUBLISHED}")
    matchers: Mapping[str, Matcher] = {"ours": ours, "Splink": splink}
    lines = [
        "# Matching",
        "",
        _MADE,
        "",
    ]
    lines += _compared(matchers)
    lines += _merged()
    print("\n".join(lines))
    _RESULT.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _compared(matchers: Mapping[str, Matcher]) -> Iterator[str]:
    reported = [make(reported=True) for make in _SETS]
    answers: dict[str, list[Answers]] = {}
    thresholds: dict[str, float] = {}
    yield "| matcher | threshold | gold set | questions | precision | recall | processor seconds |"
    yield "|---|---|---|---|---|---|---|"
    for name, matcher in matchers.items():
        thresholds[name] = _ALL
        if matcher is not ours:
            tuning = [make(reported=False) for make in _SETS]
            thresholds[name] = best_threshold([(one, matcher(one)) for one in tuning], _WANTED)
        answers[name] = []
        for one in reported:
            begin = time.process_time()
            answers[name].append(matcher(one))
            took = time.process_time() - begin
            found = tally(one.questions, answers[name][-1], thresholds[name])
            yield _row(name, thresholds[name], one, found, took)
    asked = [gold.aliases(reported=True, told=told) for told in _TOLD]
    for one in asked:
        begin = time.process_time()
        answers["ours"].append(ours(one))
        took = time.process_time() - begin
        yield _row("ours", _ALL, one, tally(one.questions, answers["ours"][-1], _ALL), took)
    names = answers["ours"][-len(asked)]
    same, wrong = same_names(asked[0], names, _ALL)
    yield f"\nOf the {wrong} wrong proposals by other names alone, {same} are of records of one name."
    yield from _missing(asked[0], names)
    for one, proposed in zip((*reported, *asked), answers["ours"], strict=True):
        yield from _divided(one, proposed)


def _missing(one: Gold, proposed: Answers) -> Iterator[str]:
    """Write what the names that were not found have in common with those of the answer."""
    there, left = kinds(one), missed(one, proposed)
    yield f"\n## {one.name}, by what both names have in common\n"
    yield "| in common | questions with an answer | not proposed |\n|---|---|---|"
    for kind in KINDS:
        yield f"| {kind} | {there[kind]:,} | {left[kind]:,} |"
    share = 1 - sum(there[kind] for kind in UNTOLD) / there.total()
    yield f"\nNames alone can tell at most {share:.3f} of the answers: the first two kinds are the rest."


def _merged() -> Iterator[str]:
    found = merge_mistyped()
    yield "\n## Joined by identifiers alone, one in twenty mistyped\n"
    yield "| organisations | joined to themselves | joined to another | groups refused |"
    yield "|---|---|---|---|"
    yield f"| {found.things:,} | {found.right:,} | {found.wrong:,} | {found.refused:,} |"


def _row(name: str, threshold: float, one: Gold, found: Tally, took: float) -> str:
    least = f"{threshold:.2f}" if threshold else ""
    cells = [name, least, one.name, f"{found.asked:,}"]
    cells += [f"{found.precision:.4f}", f"{found.recall:.4f}", f"{took:.1f}"]
    return f"| {' | '.join(cells)} |"


def _divided(one: Gold, answers: Answers) -> Iterator[str]:
    for what, key in (
        ("language", lambda question: question.language),
        ("alteration", lambda question: question.alteration),
    ):
        yield f"\n## {one.name}, by {what}\n"
        yield _HEAD.format(what)
        rest = Tally()
        for name, found in by(key, one.questions, answers, _ALL).items():
            if found.asked >= _LEAST:
                yield found.row(name)
            else:
                rest = rest.plus(found)
        if rest.asked:
            yield rest.row("all others")


if __name__ == "__main__":
    main()
