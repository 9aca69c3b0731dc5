"""Proposals: the file of pairs that wait for a judgement, and what is shown of each."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from graph.engine import Engine
from graph.errors import ParameterError, StorageError, disk_error
from graph.identities.ledger import Judgement, Pair, Word, in_force, one_line
from graph.identities.matching import Match
from graph.identities.profiles import Profile, read_profiles
from graph.identity import Identity
from graph.kept import write_table

FILE = "proposals.csv"
COLUMNS = ("left", "right", "score", "evidence", "conflict")


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what is told of two organisations, side by side; `same` if they share a value."""

    label: str
    left: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Tell whether both have a value."""
        return not set(self.left).isdisjoint(self.right)


def read_proposals(path: Path) -> list[Match]:
    """Read the proposals; none where nothing has been proposed. StorageError if damaged."""
    try:
        lines = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
        if tuple(lines.fieldnames or ()) != COLUMNS:
            raise StorageError(f"{path} is damaged: run sikg match again")
        return [
            Match(
                line["left"],
                line["right"],
                float(line["score"]),
                line["evidence"],
                line["conflict"],
            )
            for line in lines
        ]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError) as error:
        raise StorageError(f"{path} is damaged: run sikg match again") from error
    except OSError as error:
        raise disk_error(path, error) from error


def write_proposals(path: Path, matches: Iterable[Match]) -> None:
    """Write proposals in place of those before; StorageError if the disk refuses."""
    lines = (
        [item.left, item.right, f"{item.score:.3f}", item.evidence, item.conflict]
        for item in matches
    )
    write_table(path, COLUMNS, lines)


def forget_missing(path: Path, engine: Engine, identity: Identity) -> None:
    """Leave out the proposals about organisations that the release does not have.

    They may have been taken down: what is told of them here may not outlive that.
    """
    try:
        proposed = read_proposals(path)
    except StorageError:
        path.unlink(missing_ok=True)  # nobody can tell what is in it
        return
    if not proposed:
        return
    things = {thing for match in proposed for thing in match.pair}
    known = {profile.thing for profile in read_profiles(engine, identity, things)}
    left = [match for match in proposed if known.issuperset(match.pair)]
    if len(left) < len(proposed):
        write_proposals(path, left)


def judged_pairs(judgements: Iterable[Judgement], canonical: Mapping[str, str]) -> Collection[Pair]:
    """Give the pairs that people judged, as the things that they are now."""
    found = set()
    for left, right in in_force(judgements):
        now = sorted((canonical.get(left, left), canonical.get(right, right)))
        found.add((now[0], now[1]))
        found.add((left, right))
    return found


def judgement_of(match: Match, word: Word, reviewer: str, day: date, reason: str = "") -> Judgement:
    """Make the judgement on a proposal; its evidence begins with the reason, if one is given.

    ParameterError for a name that a ledger cannot hold.
    """
    if not reviewer.strip() or not reviewer.strip()[0].isalnum():
        raise ParameterError("say who judges: a name that begins with a letter")
    evidence = "; ".join(filter(None, (one_line(reason), match.evidence)))
    if match.conflict:
        evidence += f"; despite {match.conflict}" if word == "same" else f"; {match.conflict}"
    return Judgement(
        match.left, match.right, word, match.score, evidence, " ".join(reviewer.split()), day
    )


def side_by_side(left: Profile, right: Profile) -> Sequence[Fact]:
    """Give what is known of two organisations, line by line; lines empty on both sides left out."""
    schemes = sorted({*left.identifiers, *right.identifiers})
    facts = [
        Fact("Names", left.names, right.names),
        Fact("Country", _sorted(left.countries), _sorted(right.countries)),
        Fact("Active in", _sorted(left.active), _sorted(right.active)),
        Fact("Town", _sorted(left.cities), _sorted(right.cities)),
        Fact("Homepage", _sorted(left.homepages), _sorted(right.homepages)),
        *(
            Fact(
                scheme,
                _sorted(left.identifiers.get(scheme, ())),
                _sorted(right.identifiers.get(scheme, ())),
            )
            for scheme in schemes
        ),
        Fact("Sources", _sorted(left.sources), _sorted(right.sources)),
    ]
    return [fact for fact in facts if fact.left or fact.right]


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(values))
