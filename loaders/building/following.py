"""Following: the store of an earlier build is brought to the state of this one.

Only rows whose prints differ are replaced, and of the default graph only what no source states
any more is taken out. The result is what loading everything would give.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from graph.identity import Identity
from graph.lines import Lines
from graph.store.renewed import RenewedStore
from loaders.building.loading import Loading
from loaders.building.stock import Stock
from loaders.printing import lines_of
from loaders.statements import Written

_TERMS = ["s", "p", "o"]


class Following(Loading):
    """A copy of the store of an earlier build, into which the differences go."""

    def __init__(self, place: Path, before: Stock, stock: Stock, identity: Identity) -> None:
        super().__init__(RenewedStore.clone(before.store, place), stock, identity)
        self._before = before
        self._scratch = place.with_name("differing.nq")

    def take_as_before(self, name: str) -> Written:
        """Take over what a source made before, whose statements are in the store."""
        self._before.share(name, self.stock)
        self._made[name] = self._before.inventory.sources[name]
        return self.stock.written(name, self._made[name])

    def _load(self, name: str, stated: Path, merged: Path, prints: Path) -> None:
        """Load what is new in files of a source, in place of what its rows stated before."""
        before = self._before.prints(name)
        same = ["row", "one", "other"]
        rows = pl.scan_parquet(prints).join(before, on=same, how="anti").select("row").collect()
        self._drop(rows.lazy().join(before, on="row", how="semi"))
        new = lines_of(stated, self.receipts).join(rows.lazy(), on="row", how="semi")
        if self._write(new):
            self.store.load_statements(self._scratch)
        triples = Lines([merged], ()).triples()
        if self._write(_as_lines(triples.join(self._before.merged(name), on=_TERMS, how="anti"))):
            self.store.load_statements(self._scratch)

    def _finish(self, lines: Lines) -> None:
        """Take out what sources that are gone, or state something else, do not state any more."""
        gone = []
        for name, made in self._before.inventory.sources.items():
            now = self._made.get(name)
            if now is None or now.digest != made.digest:
                before, after = self._before.prints(name), self.stock.prints(name)
                self._drop(before.join(after, on="row", how="anti"))
                left = self._before.merged(name).join(
                    self.stock.merged(name), on=_TERMS, how="anti"
                )
                gone.append(left.unique().collect(engine="streaming"))
        if sum(map(len, gone)):
            few = pl.concat(gone).unique().lazy()
            # Of all that is stated only this little is held in memory.
            still = lines.triples().join(few, on=_TERMS, how="semi")
            if self._write(_as_lines(few.join(still, on=_TERMS, how="anti"))):
                self.store.take_out(self._scratch)

    def _order(self) -> None:
        """Leave the files as they are: what is new is little."""

    def _drop(self, rows: pl.LazyFrame) -> None:
        found = rows.select(pl.col("row").str.strip_chars("<>")).collect()["row"]
        self.store.drop(found, self.receipts)

    def _write(self, lines: pl.LazyFrame) -> bool:
        """Write lines for the store; tell whether there are any."""
        found = lines.select("line").collect(engine="streaming")
        found.write_csv(self._scratch, include_header=False, quote_style="never")
        return len(found) > 0


def _as_lines(triples: pl.LazyFrame) -> pl.LazyFrame:
    return triples.select(line=pl.concat_str(*_TERMS, pl.lit("."), separator=" "))
