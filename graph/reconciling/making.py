"""Making the index of names of a release, from its fact tables.

    made.json        kinds with the span of their things, countries, how many names
    things.txt, .npy   what each thing is called under `id/`, in the order of the IRIs
    names.txt, .npy    language, sort and text of each name, in the order of the things
    owners.npy         the thing of each name
    countries.npy      the country of each name by its place in made.json; 0 where that is unclear
    postings.npy, starts.npy, weights.npy, norms.npy   which names have which piece
    words.json         words that stand in several names, with the number of these

`changed.json` is written beside them where names changed since.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graph.errors import disk_error
from graph.identity import Identity
from graph.reconciling.pieces import PIECES, cut, words_of
from graph.reconciling.texts import Texts, write_array
from graph.search import Name
from ontology import segments

FOLDER = "reconciling"
BETWEEN = "\x1f"  # language, sort and text of a name
MADE, CHANGED, WORDS = "made.json", "changed.json", "words.json"
_KNOWN = 2  # names in which a word stands that is counted
_CHUNK = 200_000  # names whose pieces are cut at once


class Sort(StrEnum):
    """What a name is of its thing."""

    PREFERRED = "p"
    OTHER = "o"
    SHORT = "s"  # an acronym, which many share


_LABELS = {Sort.PREFERRED: "label", Sort.OTHER: "alt_label", Sort.SHORT: "acronym"}


def make(facts: Path, folder: Path) -> None:
    """Make the index in a new folder from the folder of fact tables; StorageError on the disk."""
    things = _read(facts, "thing").filter(pl.col("kind").is_in(list(segments())))
    named = _names(facts, things)
    owning = things.filter(pl.col("id").is_in(named["subject"].unique().implode())).sort("id")
    country = _countries(facts, owning)
    try:
        folder.mkdir(parents=True)
        _write(folder, owning, named, country)
    except OSError as error:
        raise disk_error(folder, error) from error


def follow(folder: Path, identity: Identity, names: Mapping[str, Iterable[Name]]) -> None:
    """Write which things have other names since the index was made, and all names of these."""
    path = folder / CHANGED
    if not (folder / MADE).is_file():
        return
    changed = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    for thing, found in names.items():
        sorts = (Sort.OTHER, Sort.PREFERRED)
        changed[thing.removeprefix(f"{identity.base}id/")] = [
            [name.language, sorts[name.preferred].value, name.name] for name in found
        ]
    # Replaced, not written over: the release before has the same file by a hard link.
    new = folder / f"{CHANGED}.new"
    new.write_text(json.dumps(changed, ensure_ascii=False) + "\n", "utf-8")
    new.replace(path)


def _read(facts: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(facts / f"{name}.parquet")


def _names(facts: Path, things: pl.DataFrame) -> pl.DataFrame:
    """Give `subject`, `value`, `language` and `sort`; a text once a thing, as what tells most."""
    tables = [
        _read(facts, table)
        .select("subject", "value", "language", sort=pl.lit(sort.value))
        .with_columns(rank=pl.lit(rank))
        for rank, (sort, table) in enumerate(
            ((Sort.PREFERRED, "label"), (Sort.SHORT, "acronym"), (Sort.OTHER, "alt_label"))
        )
    ]
    found = pl.concat(tables).filter(pl.col("subject").is_in(things["id"].implode()))
    ordered = found.sort("subject", "rank", "language", "value", nulls_last=True)
    return ordered.unique(["subject", "value"], keep="first", maintain_order=True).drop("rank")


def _countries(facts: Path, things: pl.DataFrame) -> pl.DataFrame:
    """Give the key of the country of each thing that is in one."""
    countries = things.select(pl.col("id").alias("object"), "key", "kind")
    found = _read(facts, "country").join(countries.filter(pl.col("kind") == "country"), on="object")
    single = found.group_by("subject").agg(pl.col("key").first(), several=pl.len())
    return single.filter(pl.col("several") == 1).select(pl.col("subject").alias("id"), "key")


def _write(folder: Path, things: pl.DataFrame, named: pl.DataFrame, country: pl.DataFrame) -> None:
    things = things.with_row_index("place").join(country, on="id", how="left", suffix="_country")
    things = things.sort("place").with_columns(pl.col("key_country").fill_null(""))
    keys = ["", *sorted(set(things["key_country"]) - {""})]
    numbers = {key: number for number, key in enumerate(keys)}
    places = named.join(things.select(pl.col("id").alias("subject"), "place"), on="subject")
    places = places.sort("place", maintain_order=True)
    owners = places["place"].to_numpy().astype(np.int32)
    of_things = np.array([numbers[key] for key in things["key_country"]], dtype=np.uint16)
    write_array(folder / "owners.npy", owners)
    write_array(folder / "countries.npy", of_things[owners])
    kinds = things.group_by("kind").agg(first=pl.col("place").min(), last=pl.col("place").max())
    Texts.write(folder, "things", [iri.partition("/id/")[2] for iri in things["iri"]])
    columns = (places["language"].fill_null(""), places["sort"], places["value"])
    texts = [BETWEEN.join(parts) for parts in zip(*columns, strict=True)]
    Texts.write(folder, "names", texts)
    _write_pieces(folder, places["value"].to_list(), [keys[n] for n in of_things[owners].tolist()])
    made = {
        "names": len(places),
        "countries": keys,
        "kinds": {kind: [first, last + 1] for kind, first, last in sorted(kinds.iter_rows())},
    }
    (folder / MADE).write_text(json.dumps(made, indent=1) + "\n", "utf-8")


def _write_pieces(folder: Path, names: Sequence[str], countries: Sequence[str]) -> None:
    words = [words_of(name, country) for name, country in zip(names, countries, strict=True)]
    postings = index_pieces(words)
    for name, values in postings.items():
        write_array(folder / f"{name}.npy", values)
    counted = Counter(word for found in words for word in set(found))
    known = {word: count for word, count in sorted(counted.items()) if count >= _KNOWN}
    (folder / WORDS).write_text(json.dumps(known), "utf-8")


def index_pieces(names: Sequence[Sequence[str]]) -> Mapping[str, NDArray[np.generic]]:
    """Give which names, each a list of words, have which piece, and how much each tells.

    `postings` are names in the order of their pieces, `starts` where those of each piece begin,
    `weights` of the pieces and `norms` of the names are for the cosine.
    """
    cuts = [cut(names[first : first + _CHUNK]) for first in range(0, len(names), _CHUNK)]
    numbers = np.concatenate([found[0] for found in cuts] or [np.empty(0, np.int64)])
    owners = np.concatenate(
        [found[1] + place * _CHUNK for place, found in enumerate(cuts)] or [np.empty(0, np.int64)]
    )
    counts = np.bincount(numbers, minlength=PIECES)
    weights = np.log1p(len(names) / np.maximum(counts, 1)).astype(np.float32)
    weights[counts == 0] = 0
    squares = np.bincount(owners, weights[numbers] ** 2, minlength=len(names))
    order = np.argsort(numbers.astype(np.uint16), kind="stable")
    starts = np.zeros(PIECES + 1, dtype=np.int64)
    np.cumsum(counts, out=starts[1:])
    return {
        "postings": owners[order].astype(np.int32),
        "starts": starts,
        "weights": weights,
        "norms": np.sqrt(np.maximum(squares, 1e-6)).astype(np.float32),
    }
