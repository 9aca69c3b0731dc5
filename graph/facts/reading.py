"""Reading the fact tables of a release: opened at the first question, held in memory."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from graph.errors import NotFoundError, StorageError, disk_error

if TYPE_CHECKING:
    import duckdb

T = TypeVar("T")

MADE = "facts.json"
_HERE = Path(__file__).parent
_HELD = 96  # answers that are remembered; the largest are names of all things of a kind
_THREADS = 2  # more gained nothing for tables of this size, and others want the processors too


@dataclass(frozen=True, slots=True)
class Made:
    """What facts were made of: a release, and how many values of each relation did not fit."""

    release: int
    digest: str
    unfit: Mapping[str, int] = field(default_factory=dict)


class Facts:
    """The fact tables in a folder; any thread may ask them.

    They are asked in SQL of DuckDB, with values bound and never spliced. A process that forks
    must do so before it asks, since threads of the tables' engine do not survive that.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opening = Lock()
        self._opened: duckdb.DuckDBPyConnection | None = None
        self._memory: OrderedDict[Hashable, Any] = OrderedDict()
        self._remembering = Lock()

    def made(self) -> Made | None:
        """Tell what the facts were made of; None where the release has none."""
        try:
            read = json.loads((self._folder / MADE).read_text("utf-8"))
            return Made(int(read["release"]), str(read["digest"]), dict(read["unfit"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StorageError(f"the fact tables in {self._folder} are damaged: {error}") from error

    def tables(self) -> frozenset[str]:
        """Name the tables."""
        return frozenset(path.stem for path in self._folder.glob("*.parquet"))

    def ask(self, sql: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Answer a SELECT with named parameters `$name`.

        NotFoundError where the release has no facts, StorageError where they are damaged.
        """
        cursor = self._connection().cursor()
        try:
            return cursor.execute(sql, dict(values or {})).fetchall()
        finally:
            cursor.close()

    def remembered(self, key: Hashable, make: Callable[[], T]) -> T:
        """Give what was made for a key before, or make it: facts never change.

        Only so many are held, since readers choose the keys of some: languages, filters.
        """
        with self._remembering:
            if key in self._memory:
                self._memory.move_to_end(key)
                found: T = self._memory[key]
                return found
        made = make()
        with self._remembering:
            self._memory[key] = made
            if len(self._memory) > _HELD:
                self._memory.popitem(last=False)
        return made

    def sizes(self) -> Mapping[str, int]:
        """Give the number of lines of each table."""
        sql = "SELECT table_name, estimated_size FROM duckdb_tables()"
        return self.remembered("sizes", lambda: dict(self.ask(sql)))

    def _connection(self) -> duckdb.DuckDBPyConnection:
        if self._opened is None:
            with self._opening:
                if self._opened is None:
                    self._opened = self._open()
        return self._opened

    def _open(self) -> duckdb.DuckDBPyConnection:
        # why: 60 MB of code that only questions to the facts need
        import duckdb  # noqa: PLC0415

        if self.made() is None:
            raise NotFoundError("this release has no fact tables: build it again to get them")
        connection = duckdb.connect(config={"threads": _THREADS})
        try:
            for path in sorted(self._folder.glob("*.parquet")):
                connection.execute(
                    f'CREATE TABLE "{path.stem}" AS FROM read_parquet(?)', [str(path)]
                )
            connection.execute((_HERE / "terms.sql").read_text("utf-8"))
            # From here on nothing reads or writes files, whatever is asked.
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
        except duckdb.IOException as error:
            raise disk_error(self._folder, OSError(str(error))) from error
        except duckdb.Error as error:
            raise StorageError(f"the fact tables in {self._folder} are damaged: {error}") from error
        return connection
