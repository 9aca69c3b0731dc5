"""What was computed of a map when its release was built, in a file; and what was left out."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from graph.errors import StorageError, disk_error
from graph.networks.measuring import (
    Betweenness,
    Counts,
    Group,
    Grouping,
    Point,
    Prepared,
)

T = TypeVar("T")

LEFT_OUT = ".left-out.json"  # ends the names of files that say why a map was left out


def write_prepared(folder: Path, name: str, mark: str, prepared: Prepared) -> None:
    """Write what was computed of a map, with the mark of its question."""
    grouping, shares = prepared.grouping, prepared.betweenness
    document = {
        "mark": mark,
        "counts": asdict(prepared.counts),
        "points": prepared.points,
        "betweenness": None if shares is None else asdict(shares),
        "grouping": None
        if grouping is None
        else {
            "groups": [(group.members, group.stability) for group in grouping.groups],
            "told": (grouping.stability, grouping.modularity, grouping.runs),
        },
        "outside": prepared.outside,
        "inside": prepared.inside,
    }
    _write(_prepared(folder, name), document)


def load_prepared(folder: Path, name: str, mark: str) -> Prepared | None:
    """Read what was computed of a map; None where nothing was, or of another question.

    StorageError if the file is damaged.
    """
    return _read(_prepared(folder, name), mark, _from)


def write_left_out(folder: Path, name: str, mark: str, why: str) -> None:
    """Write why a map was left out."""
    _write(_left_out(folder, name), {"mark": mark, "why": why})


def read_left_out(folder: Path, name: str, mark: str) -> str | None:
    """Read why a map was left out; None where it was not."""
    return _read(_left_out(folder, name), mark, lambda read: str(read["why"]))


def _prepared(folder: Path, name: str) -> Path:
    return folder / f"{name}.prepared.json"


def _left_out(folder: Path, name: str) -> Path:
    return folder / f"{name}{LEFT_OUT}"


def _write(file: Path, document: Any) -> None:  # noqa: ANN401  # JSON
    file.write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")


def _read(file: Path, mark: str, make: Callable[[Any], T]) -> T | None:
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
        return make(read) if read["mark"] == mark else None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise disk_error(file, error) from error
    except (ValueError, KeyError, TypeError) as error:
        raise StorageError(f"the network in {file} is damaged: build the release again") from error


def _from(read: Any) -> Prepared:  # noqa: ANN401  # JSON
    shares, grouping = read["betweenness"], read["grouping"]
    return Prepared(
        Counts(**read["counts"]),
        _points(read["points"]),
        None
        if shares is None
        else Betweenness(tuple(shares["shares"]), shares["sampled"], shares["error"]),
        None if grouping is None else _grouping(grouping["groups"], *grouping["told"]),
        {key: (x, y) for key, (x, y) in read["outside"].items()},
        _points(read["inside"]),
    )


def _points(read: Sequence[Sequence[float]] | None) -> tuple[Point, ...] | None:
    return None if read is None else tuple((x, y) for x, y in read)


def _grouping(
    groups: Sequence[tuple[Sequence[int], float]], stability: float, modularity: float, runs: int
) -> Grouping:
    told = (Group(at, tuple(members), kept) for at, (members, kept) in enumerate(groups))
    return Grouping(tuple(told), stability, modularity, runs)
