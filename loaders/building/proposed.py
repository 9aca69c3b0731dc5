"""Duplicates proposed: the pairs of the last `sikg match` that nobody has judged yet, by source."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from graph.errors import InputError, StorageError
from graph.identity import Identity
from loaders.building.check import Checked
from loaders.engine import Engine
from loaders.transforms import encoded_key


def count_proposed(
    home: Path, ledger: Path | None, sources: Sequence[Checked], identity: Identity
) -> dict[str, int] | None:
    """Count the pairs of which a source describes one or both; None where none were looked for.

    The proposals are those made of an earlier release: what is gone since is not counted.
    """
    if not (home / "proposals.csv").is_file():
        return None
    pairs = _waiting(home, ledger)
    if pairs is None:
        return None
    found: dict[str, int] = {}
    for source in sources:
        described = _things(source, identity).implode()
        either = pl.col("left").is_in(described) | pl.col("right").is_in(described)
        found[source.mapping.name] = pairs.filter(either).height
    return found


def _waiting(home: Path, ledger: Path | None) -> pl.DataFrame | None:
    """Give the pairs without a judgement; None where a file of them is damaged."""
    # scipy: few builds need what judges names
    from graph.identities.ledger import read_ledger  # noqa: PLC0415
    from graph.identities.proposals import FILE, judged_pairs, read_proposals  # noqa: PLC0415

    try:
        judged = judged_pairs([] if ledger is None else read_ledger(ledger), {})
        pairs = {match.pair for match in read_proposals(home / FILE)} - set(judged)
    except (StorageError, InputError):
        return None  # sikg match tells it; a build does not need it
    schema = {"left": pl.String, "right": pl.String}
    return pl.DataFrame(sorted(pairs), schema=schema, orient="row")


def _things(source: Checked, identity: Identity) -> pl.Series:
    """Name the organisations that a source describes, as the ledger does."""
    names = [
        keyed.select(pl.lit(f"{kind}/") + encoded_key(pl.col("key"))).to_series()
        for kind, keyed in Engine(source.mapping, identity).keys(source.good)
        if kind == "organisation"
    ]
    return pl.concat(names).unique() if names else pl.Series(dtype=pl.String)
