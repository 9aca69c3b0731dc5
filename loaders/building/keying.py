"""Keys: by what a build tells that a source would make the same statements as before.

Frames are told apart by two hashes of 64 bits of each row, whatever the order of rows.
"""

from __future__ import annotations

import hashlib
import json

import polars as pl

from loaders.engine import PREFERRED, Engine
from loaders.language.mapping import SourceMapping
from loaders.reading.readers import Table


def key_of(engine: Engine, table: Table, rows: pl.DataFrame) -> str:
    """Give a hash of all that the statements of the good rows of a table follow from.

    That is the mapping, the table, the keys that its references ask for, and what else its things
    and names are; code and base are told by the stock.
    """
    return hashed(
        key_of_check(engine, rows),
        (table.path.name, table.sha256, table.sheet),
        json.dumps(_merged(engine, rows), sort_keys=True),
        content(_demoted(engine, rows)),
    )


def _merged(engine: Engine, rows: pl.DataFrame) -> dict[str, dict[str, str]]:
    """Give the keys to write instead: of things that rows describe, and that they may refer to."""
    found = {kind: dict(engine.merged.get(kind, {})) for kind in _asked(engine.mapping)}
    for kind, keyed in engine.keys(rows) if engine.merged else ():
        there, merged = keyed["key"].unique(), engine.merged.get(kind, {})
        held = there.filter(there.is_in(list(merged)))
        found.setdefault(kind, {}).update({key: merged[key] for key in held})
    return found


def _demoted(engine: Engine, rows: pl.DataFrame) -> pl.DataFrame:
    """Give the names that rows state and that are written as alternative ones."""
    if engine.demoted is None:
        return pl.DataFrame()
    stated = engine.some_strands(rows, {PREFERRED})
    named = (strand.frame.join(engine.demoted, on=["s", "o"], how="semi") for strand in stated)
    return pl.concat([engine.demoted.clear(), *(item.select("s", "o") for item in named)]).unique()


def key_of_check(engine: Engine, rows: pl.DataFrame) -> str:
    """Give a hash of all that the faults of some rows follow from."""
    mapping, known = engine.mapping, engine.known or {}
    used = mapping.columns()
    read = [name for name in rows.columns if name.startswith("__") or name in used]
    kinds = sorted(_asked(mapping) & known.keys())
    return hashed(
        mapping.model_dump_json(),
        read,
        content(rows.select(read)),
        [(kind, content(known[kind].to_frame())) for kind in kinds],
    )


def hashed(*parts: object) -> str:
    """Give a hash of what is written of some things."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _asked(mapping: SourceMapping) -> set[str]:
    """Name the kinds that references of a mapping lead to."""
    entities = mapping.entities.values()
    return {kind for entity in entities for item in entity.properties for kind in item.segments}


def content(frame: pl.DataFrame) -> tuple[object, ...]:
    """Tell what is in a frame whose rows all differ: how many they are, and hashes of them."""
    hashes = [frame.hash_rows(seed) for seed in (1, 2)] if frame.width else []
    return (frame.height, *(item.bitwise_xor() for item in hashes))
