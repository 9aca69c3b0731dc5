"""Reading the fact tables of a release: opened before or at the first question, held in memory."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, RLock
from typing import TYPE_CHECKING, Any, TypeVar

from graph.errors import NotFoundError, StorageError, disk_error

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

T = TypeVar("T")
# What tells files apart: places, sizes and times. A table that is linked into the next release is
# the same file there.
_Files = frozenset[tuple[str, int, int, int]]

MADE = "facts.json"
# Of the tables and their columns: another number wherever what asks them needs others than before.
SHAPE = 3
_HERE = Path(__file__).parent
_HELD = 96  # answers that are remembered; the largest are names of all things of a kind
_THREADS = 2  # more gained nothing for tables of this size, and others want the processors too


@dataclass(frozen=True, slots=True)
class Made:
    """What facts were made of, how many values of each relation did not fit, and their shape."""

    release: int
    digest: str
    unfit: Mapping[str, int] = field(default_factory=dict)
    shape: int = 0


class Asking:
    """Some questions one after the other, by one thread; what they keep goes when it does."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def ask(self, sql: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Answer a SELECT with named parameters `$name`."""
        return self._cursor.execute(sql, dict(values or {})).fetchall()

    def keep(self, name: str, sql: str, values: Mapping[str, Any] | None = None) -> None:
        """Keep the answer to a SELECT as a table, for the questions that follow."""
        self._cursor.execute(f"CREATE TEMP TABLE {name} AS {sql}", dict(values or {}))

    def close(self) -> None:
        """End, and let go of what was kept."""
        self._cursor.close()


class Facts:
    """The fact tables in a folder; any thread may ask them.

    They are asked in SQL of DuckDB, with values bound and never spliced. A process that forks
    must do so before it asks, since threads of the tables' engine do not survive that.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opening = Lock()
        self._opened: duckdb.DuckDBPyConnection | None = None
        self._files: _Files = frozenset()
        self._memory: OrderedDict[Hashable, Any] = OrderedDict()
        self._remembering = Lock()
        self._kept: dict[str, Any] = {}
        self._keeping = RLock()  # what is kept may be made of what is

    def next(self, folder: Path) -> Facts:
        """Give the facts of the next release, which are open already if it has the same files.

        An edited release has: what was read and remembered of these goes on.
        """
        found = Facts(folder)
        if self._opened is not None and self._files == _files(folder):
            found._opened, found._files = self._opened, self._files
            found._memory, found._remembering = self._memory, self._remembering
            found._kept, found._keeping = self._kept, self._keeping
        return found

    def open(self) -> None:
        """Open the tables before anybody asks; does nothing where the release has none."""
        made = self.made()
        if made is not None and made.shape == SHAPE:
            self._connection()

    def made(self) -> Made | None:
        """Tell what the facts were made of; None where the release has none."""
        try:
            read = json.loads((self._folder / MADE).read_text("utf-8"))
            unfit, shape = dict(read["unfit"]), int(read.get("shape", 0))
            return Made(int(read["release"]), str(read["digest"]), unfit, shape)
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
        with closing(self.asking()) as asking:
            return asking.ask(sql, values)

    def columns(
        self, sql: str, values: Mapping[str, Any] | None = None
    ) -> tuple[NDArray[Any], ...]:
        """Answer a SELECT as arrays, column by column."""
        with closing(self._connection().cursor()) as cursor:
            found = cursor.execute(sql, dict(values or {})).fetchnumpy()
        return tuple(found.values())

    def asking(self) -> Asking:
        """Begin several questions, of which later ones can ask what earlier ones have kept."""
        return Asking(self._connection().cursor())

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

    def kept(self, key: str, make: Callable[[], T]) -> T:
        """Give what was made for a key before, or make it once, to be held as long as these."""
        with self._keeping:
            if key not in self._kept:
                self._kept[key] = make()
            found: T = self._kept[key]
        return found

    def sizes(self) -> Mapping[str, int]:
        """Give the number of lines of each table."""
        sql = "SELECT table_name, estimated_size FROM duckdb_tables()"
        return self.kept("sizes", lambda: dict(self.ask(sql)))

    def _connection(self) -> duckdb.DuckDBPyConnection:
        if self._opened is None:
            with self._opening:
                if self._opened is None:
                    self._opened = self._open()
        return self._opened

    def _open(self) -> duckdb.DuckDBPyConnection:
        # why: 60 MB of code that only questions to the facts need
        import duckdb  # noqa: PLC0415

        made = self.made()
        if made is None:
            raise NotFoundError("this release has no fact tables: build it again to get them")
        if made.shape != SHAPE:
            raise NotFoundError(
                "the fact tables of this release were made by another version: build it again"
            )
        connection = duckdb.connect(config={"threads": _THREADS})
        self._files = _files(self._folder)
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


def _files(folder: Path) -> _Files:
    """Tell which tables are in a folder."""
    found = ((path.name, path.stat()) for path in folder.glob("*.parquet"))
    return frozenset((name, at.st_ino, at.st_size, at.st_mtime_ns) for name, at in found)
