"""Judging: propose who may be one, show it side by side, and write what people decide."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path
from typing import cast, get_args

import typer

from cli.console import say, say_json, say_table, warn
from graph.dataset import Dataset
from graph.errors import LedgerError, ParameterError
from graph.identities.choosing import THRESHOLD
from graph.identities.judging import add_judgements, judgements_of
from graph.identities.ledger import Judgement, Word
from graph.identities.matching import Match, propose
from graph.identities.profiles import Profile, read_profiles
from graph.identities.proposals import (
    FILE,
    judged_pairs,
    judgement_of,
    read_proposals,
    side_by_side,
    write_proposals,
)

_SHOWN = 20
_KEYS: dict[str, Word] = {"s": "same", "d": "different"}


def match_release(
    dataset: Dataset, ledger: Path, home: Path, threshold: float | None, *, as_json: bool
) -> None:
    """Propose pairs of the organisations of a release, and write them for the review."""
    profiles = read_profiles(dataset.store, dataset.identity)
    judged = judged_pairs(judgements_of(ledger), dataset.redirects.targets)
    least = THRESHOLD if threshold is None else threshold
    matches = propose(profiles, judged=judged, threshold=least)
    path = home / FILE
    write_proposals(path, matches)
    if as_json:
        say_json([_document(match) for match in matches])
        return
    say_table(
        ["score", "left", "right", "conflict"],
        [[f"{m.score:.3f}", m.left, m.right, m.conflict] for m in matches[:_SHOWN]],
    )
    conflicts = sum(bool(match.conflict) for match in matches)
    say(
        f"{path}: {len(matches):,} pairs of {len(profiles):,} organisations proposed, "
        f"{conflicts:,} with different identifiers; judge them with sikg review"
    )


def review_proposals(dataset: Dataset, ledger: Path, home: Path, reviewer: str) -> None:
    """Ask for a judgement on each proposal, and write each at once."""
    judged = judged_pairs(judgements_of(ledger), dataset.redirects.targets)
    waiting = [match for match in read_proposals(home / FILE) if match.pair not in judged]
    if not waiting:
        say("Nothing waits for a judgement; sikg match proposes")
        return
    things = {thing for match in waiting for thing in match.pair}
    profiles = _by_thing(read_profiles(dataset.store, dataset.identity, things))
    written = 0
    for number, match in enumerate(waiting, start=1):
        _show(match, profiles, f"{number} of {len(waiting)}")
        word = _ask(match)
        if word == "q":
            break
        if word in _KEYS:
            judgement = judgement_of(match, _KEYS[word], reviewer, _today())
            try:
                add_judgements(ledger, [judgement])
                written += 1
            except LedgerError as error:
                warn(f"sikg: {error}; nothing was written")
    say(f"{written} judgements written to {ledger}; sikg build applies them")


def judge(ledger: Path, pair: tuple[str, str], word: str, evidence: str, reviewer: str) -> None:
    """Write one judgement that no proposal asked for; LedgerError if it contradicts others."""
    if word not in get_args(Word):
        raise ParameterError(f"the judgement is {word!r}, not one of {', '.join(get_args(Word))}")
    if not evidence.strip():
        raise ParameterError("say why: --evidence")
    made = Judgement(*pair, cast("Word", word), None, evidence.strip(), reviewer, _today())
    add_judgements(ledger, [made])
    say(f"{ledger}: {made.sentence()}")


def _show(match: Match, profiles: dict[str, Profile], place: str) -> None:
    left, right = (
        profiles.get(thing, Profile(thing, ("not in this release",))) for thing in match.pair
    )
    say(f"\n{place}: score {match.score:.3f}")
    say_table(
        ["", left.thing, right.thing, ""],
        [
            [fact.label, "\n".join(fact.left), "\n".join(fact.right), "=" if fact.same else ""]
            for fact in side_by_side(left, right)
        ],
    )
    say(match.evidence)
    if match.conflict:
        say(f"CONFLICT: {match.conflict}; one thing has one of each")


def _ask(match: Match) -> str:
    word = typer.prompt("Same, different, skip, quit", prompt_suffix=" [s/d/k/q]: ", default="k")
    key = str(word).strip().lower()[:1]
    if key == "s" and match.conflict and not typer.confirm("Join them despite the conflict?"):
        return "k"
    return key


def _by_thing(profiles: Collection[Profile]) -> dict[str, Profile]:
    return {profile.thing: profile for profile in profiles}


def _document(match: Match) -> dict[str, object]:
    return {
        "left": match.left,
        "right": match.right,
        "score": match.score,
        "evidence": match.evidence,
        "conflict": match.conflict,
    }


def _today() -> date:
    return datetime.now().astimezone().date()
