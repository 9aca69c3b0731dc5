"""The projection of a map in files: names and values as a document, links as columns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from graph.errors import StorageError, disk_error
from graph.network import Label
from graph.networks.projection import Ground, Projection, Values, numbers_of
from graph.networks.texts import AllTexts
from graph.networks.ties import Ties

_COLUMNS = ("source", "target", "first", "reason", "weight")


def write_projection(projection: Projection, mark: str, file: Path) -> None:
    """Write a projection into `file` and, its links, beside it.

    Both carry the mark of the question that they answer.
    """
    kinds, kind = _numbered(projection.kinds)
    segments, segment = _numbered(projection.segments)
    document = {
        "mark": mark,
        "directed": projection.directed,
        "nodes": projection.nodes,
        "kinds": kinds,
        "kind": kind,
        "grounds": [(ground.iri, *ground.text) for ground in projection.grounds],
        "texts": projection.texts.plain,
        "segments": segments,
        "segment": segment,
        "attributes": {facet: _numbered(values) for facet, values in projection.attributes.items()},
    }
    written = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    file.write_text(written, encoding="utf-8")
    columns = {name: getattr(projection.ties, name) for name in _COLUMNS}
    np.savez(_beside(file), mark=np.array(mark), **columns)


def load_projection(file: Path, mark: str) -> Projection | None:
    """Read a projection again; None where there is none, or one of another question.

    StorageError if the files are damaged.
    """
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
        if read["mark"] != mark:
            return None
        return _read(read, _ties(_beside(file), mark))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise disk_error(file, error) from error
    except (ValueError, KeyError, TypeError, IndexError, BadZipFile) as error:
        raise StorageError(f"the network in {file} is damaged: build the release again") from error


def _ties(file: Path, mark: str) -> Ties:
    with np.load(file, allow_pickle=False) as columns:
        if str(columns["mark"]) != mark:
            raise ValueError("its links are those of another question")
        return Ties(*(columns[name] for name in _COLUMNS))


def _beside(file: Path) -> Path:
    return file.with_suffix(".npz")


def _numbered(values: Sequence[Any]) -> tuple[list[Any], list[int]]:
    """Give the different values, and the place among these of each."""
    different = list(dict.fromkeys(values))
    place = numbers_of(different)
    return different, [place[value] for value in values]


def _read(read: Mapping[str, Any], ties: Ties) -> Projection:
    return Projection(
        directed=bool(read["directed"]),
        nodes=tuple(read["nodes"]),
        kinds=tuple(read["kinds"][at] for at in read["kind"]),
        grounds=tuple(Ground(iri, Label(text, tag)) for iri, text, tag in read["grounds"]),
        ties=ties,
        texts=AllTexts(read["texts"]),
        segments=tuple(read["segments"][at] for at in read["segment"]),
        attributes={
            facet: _values(different, places)
            for facet, (different, places) in read["attributes"].items()
        },
    )


def _values(different: Sequence[list[str] | None], places: Sequence[int]) -> tuple[Values, ...]:
    held: list[Values] = [None if keys is None else tuple(keys) for keys in different]
    return tuple(held[place] for place in places)
