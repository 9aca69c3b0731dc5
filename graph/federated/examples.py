"""Examples of federated queries, each with a recorded answer of the other graph.

A file `NAME.rq` is a SPARQL 1.1 query with one SERVICE, below a header as queries of the catalogue
have; `NAME.srj` beside it holds solutions of that SERVICE. Where the endpoint is not to be asked,
or does not answer, these stand in its place as VALUES, and the rest of the query is the same. What
is recorded in the home (`{home}/federated/NAME.srj`) is newer than what came with the program.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from graph.engine import Engine, Query
from graph.errors import NotFoundError, StorageError, disk_error
from graph.terms import Solutions, Term, binding, n3

FOLDER = "federated"  # of a home
_FOLDER = Path(__file__).parent
_FIELD = re.compile(r"# ([a-z]+): (.+(?:\n#   .+)*)")
_SERVICE = re.compile(r"SERVICE <([^<>\s]+)> \{([^{}]*)\}")
_SELECT = re.compile(r"SELECT[^{]*\{(.*)\}[^}]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Recording:
    """Solutions of the SERVICE of an example: when they were recorded, and from what."""

    day: date
    origin: str
    solutions: Solutions


@dataclass(frozen=True)
class Example:
    """A query over our graph and another.

    `variables` are those that the other graph gives; by the first, which ours knows, both are
    joined.
    """

    name: str
    title: str
    description: str
    variables: tuple[str, ...]
    text: str
    shipped: Recording

    @cached_property
    def endpoint(self) -> str:
        """Name the endpoint of the other graph."""
        return self._service[1]

    @cached_property
    def _service(self) -> re.Match[str]:
        found = _SERVICE.search(self.text)
        if found is None:
            raise StorageError(f"the federated query {self.name} calls no endpoint")
        return found

    def recording(self, home: Path) -> Recording:
        """Give the latest one; StorageError where the one of the home is damaged."""
        path = home / FOLDER / f"{self.name}.srj"
        try:
            body = path.read_bytes()
        except FileNotFoundError:
            return self.shipped
        except OSError as error:
            raise disk_error(path, error) from error
        try:
            day = date.fromisoformat(json.loads(body)["recorded"])
            return Recording(day, self.endpoint, Solutions.from_json(body))
        except (ValueError, TypeError, KeyError) as error:
            raise StorageError(f"{path} is damaged: remove it, or record again") from error

    def with_recording(self, recording: Recording) -> str:
        """Write the query so that it asks nobody: recorded solutions stand for the call."""
        columns = " ".join(f"?{name}" for name in self.variables)
        rows = "\n".join(f"    ({_cells(row, self.variables)})" for row in recording.solutions)
        values = f"VALUES ({columns}) {{\n{rows}\n  }}"
        return self.text[: self._service.start()] + values + self.text[self._service.end() :]

    def asked_of_endpoint(self, ours: Engine) -> Query:
        """Write what the endpoint alone is asked: its part, about all that our graph knows."""
        rest = self.text[: self._service.start()] + self.text[self._service.end() :]
        body, key = _SELECT.search(rest), self.variables[0]
        prefixes = self.text[: self.text.index("SELECT")]
        assert body is not None  # noqa: S101  # a file of ours
        listing = f"{prefixes}SELECT DISTINCT ?{key} {{ {body[1]} }} ORDER BY ?{key}"
        known = ours.select(Query(listing))
        values = " ".join(n3(row[key]) for row in known if key in row)
        columns = " ".join(f"?{name}" for name in self.variables)
        return Query(
            f"{prefixes}SELECT {columns} {{ VALUES ?{key} {{ {values} }} {self._service[2]} }}"
        )

    def keep(self, home: Path, solutions: Solutions) -> None:
        """Record what the endpoint answered, as SPARQL results in JSON with the day."""
        document = {
            "recorded": datetime.now(UTC).date().isoformat(),
            "head": {"vars": list(self.variables)},
            "results": {"bindings": [binding(row) for row in solutions]},
        }
        path = home / FOLDER / f"{self.name}.srj"
        part = path.with_suffix(".part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
            part.replace(path)
        except OSError as error:
            raise disk_error(path, error) from error


def examples() -> tuple[Example, ...]:
    """Read all examples, in the order of their names."""
    return tuple(_read(path) for path in sorted(_FOLDER.glob("*.rq")))


def example(name: str) -> Example:
    """Give one example; NotFoundError names those there are."""
    found = {item.name: item for item in examples()}
    if name not in found:
        raise NotFoundError(
            f"there is no federated query {name[:60]!r}; there are {', '.join(found)}"
        )
    return found[name]


def forget_recordings(home: Path, names: Callable[[str], bool]) -> None:
    """Remove the recordings of a home of which a value names what may not be told."""
    for path in (home / FOLDER).glob("*.srj"):
        try:
            found = Solutions.from_json(path.read_bytes())
        except (OSError, ValueError):
            found = Solutions((), ())  # it is told when it is asked
        if any(names(term.value) for row in found for term in row.values()):
            path.unlink(missing_ok=True)


def _read(path: Path) -> Example:
    text = path.read_text(encoding="utf-8")
    head, _, body = text.partition("\n\n")
    fields = {
        name: " ".join(value.replace("\n#", " ").split()) for name, value in _FIELD.findall(head)
    }
    recorded = Solutions.from_json(path.with_suffix(".srj").read_bytes())
    return Example(
        path.stem,
        fields["title"],
        fields["description"],
        tuple(fields["service"].split()),
        body,
        Recording(date.fromisoformat(fields["recorded"]), fields["origin"], recorded),
    )


def _cells(row: Mapping[str, Term], variables: tuple[str, ...]) -> str:
    return " ".join(n3(row[name]) if name in row else "UNDEF" for name in variables)
