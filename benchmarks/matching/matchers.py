"""The matchers that are compared: ours, and Splink on DuckDB, over the same normalised names."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from typing import Any

from benchmarks.matching.gold import Gold
from benchmarks.matching.measuring import Answers
from graph.identities.matching import propose
from graph.identities.names import read_name
from graph.identities.profiles import Profile

_LEAST = 0.3  # scores below are not looked at


def ours(gold: Gold) -> Answers:
    """Propose as `sikg match` does."""
    asked = [question.profile for question in gold.questions]
    answers: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for match in propose(asked, gold.register):
        left, right = match.left, match.right
        if not right.startswith("organisation/register-"):
            left, right = right, left
        answers[left].append((right, match.score))
    return answers


def splink(gold: Gold) -> Answers:
    """Propose by a Fellegi-Sunter model that Splink estimates without labels."""
    import duckdb
    import pyarrow as pa
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    from splink import comparison_library as cl

    logging.getLogger("splink").setLevel(logging.ERROR)
    keys = ("whole", "sorted_words", "rarest", "head", "tail")
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("sorted_words", [0.98, 0.94, 0.88]),
            cl.DamerauLevenshteinAtThresholds("whole", [1, 3]),
            cl.ExactMatch("rarest").configure(term_frequency_adjustments=True),
            cl.ArrayIntersectAtSizes("words", [4, 3, 2, 1]),
            cl.ExactMatch("form"),
        ],
        blocking_rules_to_generate_predictions=[block_on("country", key) for key in keys],
    )
    database = DuckDBAPI(connection=duckdb.connect())
    frequency = _frequency(gold)
    tables = [
        database.register(
            pa.Table.from_pylist([row for profile in part for row in _rows(profile, frequency)])
        )
        for part in ([question.profile for question in gold.questions], gold.register)
    ]
    linker = Linker(tables, settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("country", "whole")], recall=0.6
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e5, seed=1)
    for key in ("whole", "rarest", "head"):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("country", key))
    found = linker.inference.predict(threshold_match_probability=_LEAST)
    return _best(found.as_record_list())


def _frequency(gold: Gold) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for profile in (*gold.register, *(question.profile for question in gold.questions)):
        country = next(iter(profile.countries))
        for text in profile.names:
            for word in set(read_name(text, country).words):
                counts[word] += 1
    return counts


def _rows(profile: Profile, frequency: dict[str, int]) -> list[dict[str, Any]]:
    country = next(iter(profile.countries))
    rows: list[dict[str, Any]] = []
    for place, text in enumerate(profile.names):
        name = read_name(text, country)
        ordered = sorted(name.words)
        rows.append(
            {
                "unique_id": f"{profile.thing} {place}",
                "country": country,
                "whole": " ".join(name.words),
                "sorted_words": " ".join(ordered),
                "words": sorted(set(name.words)),
                "rarest": min(name.words, key=lambda word: (frequency[word], word), default=""),
                "head": "".join(word[:4] for word in islice(ordered, 2)),
                "tail": "".join(word[:4] for word in ordered[-2:]),
                "form": name.form.form if name.form else None,
            }
        )
    return rows


def _best(pairs: Sequence[dict[str, Any]]) -> Answers:
    """Give the best proposal of each question, where no other is as good."""
    scores: dict[str, dict[str, float]] = defaultdict(dict)
    for pair in pairs:
        sides = [str(pair["unique_id_l"]).split(" ")[0], str(pair["unique_id_r"]).split(" ")[0]]
        register, asked = sorted(sides, key=lambda side: "/list-" in side)
        score = float(pair["match_probability"])
        scores[asked][register] = max(score, scores[asked].get(register, 0.0))
    answers: dict[str, list[tuple[str, float]]] = {}
    for asked, found in scores.items():
        best = max(found.values())
        top = [thing for thing, score in found.items() if score == best]
        answers[asked] = [(top[0], best)] if len(top) == 1 else []
    return answers
