"""The maps: one file `visualisations/maps/<name>.rq` is one map, and nothing else to edit.

A file is a header of comments and, below it, a SPARQL SELECT with the columns that
`graph.network` describes:

    # title: Countries by shared consortia
    # title@et: Riigid ühiste konsortsiumide järgi
    # description: Countries that belong to the same consortium. A line that is
    #   indented goes on where the one before it ended.
    # weight: shared consortia
    # directed: yes
    PREFIX sikg: <https://w3id.org/sikg/ontology#>
    SELECT ?source ?sourceKind ?target ?targetKind ?via WHERE { … }

| field         |                                                                          |
|---------------|--------------------------------------------------------------------------|
| `title`       | the name of the map                                                      |
| `description` | what a node and a line are, and what is left out                         |
| `weight`      | what the weight of a link counts                                         |
| `directed`    | `yes` or `no` (the default): whether a link has a direction to be shown  |

The first three must be there in English, and may be there in other languages (`title@et`). The
header is read strictly: an unknown, repeated or missing field is an error. A map may have slots
`VALUES ?name { UNDEF }`; who wants to narrow it gives `dataclasses.replace(spec,
query=spec.query.bind(name=…))` to the renderer.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from graph.engine import Query
from graph.errors import NotFoundError, QueryError
from graph.network import Label, best_label

_FOLDER = Path(__file__).parent
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FIELD = re.compile(r"# ([a-z]+)(?:@([a-z]{2,3}))?: (\S.*)")
_CONTINUATION = re.compile(r"# {3,}(\S.*)")
_TEXTS = ("title", "description", "weight")
_DIRECTED = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class MapSpec:
    """A map: its name in addresses, its texts by language, and the query of its network."""

    name: str
    titles: tuple[Label, ...]
    descriptions: tuple[Label, ...]
    weights: tuple[Label, ...]
    directed: bool
    query: Query

    def title(self, language: str = "en") -> Label:
        """Give the name of the map in the language, else in English."""
        return _in(self.titles, language)

    def description(self, language: str = "en") -> Label:
        """Say what a node and a line are, in the language, else in English."""
        return _in(self.descriptions, language)

    def weight(self, language: str = "en") -> Label:
        """Say what the weight of a link counts, in the language, else in English."""
        return _in(self.weights, language)


@cache
def read_maps() -> Sequence[MapSpec]:
    """Read all maps, in the order of their names; QueryError if a header is wrong."""
    return tuple(
        read_map(path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(_FOLDER.glob("*.rq"))
    )


def get(name: str) -> MapSpec:
    """Give the map of that name; NotFoundError, with names close to it, if there is none."""
    maps = {spec.name: spec for spec in read_maps()}
    if name in maps:
        return maps[name]
    near = difflib.get_close_matches(name, maps, n=3, cutoff=0.4) or list(maps)
    raise NotFoundError(f"there is no map {name[:80]!r}; did you mean {' or '.join(near)}?")


def read_map(name: str, text: str) -> MapSpec:
    """Read one map from the text of its file; QueryError with the line if it is wrong."""
    if not _NAME.fullmatch(name):
        raise QueryError(f"maps/{name}.rq: a name is made of a-z, 0-9 and single hyphens")
    texts: dict[str, dict[str, str]] = {field: {} for field in _TEXTS}
    directed: bool | None = None
    for number, field, language, value in _fields(name, text):
        if field in texts and language not in texts[field]:
            texts[field][language] = value
        elif field == "directed" and directed is None and value in _DIRECTED:
            directed = _DIRECTED[value]
        else:
            raise _error(name, number, f"the field {field!r} is unknown, repeated or misfilled")
    for field, values in texts.items():
        if "en" not in values:
            raise _error(name, 1, f"the field {field!r} is missing in English")
    return MapSpec(
        name,
        titles=_labels(texts["title"]),
        descriptions=_labels(texts["description"]),
        weights=_labels(texts["weight"]),
        directed=directed or False,
        query=Query(text),
    )


def _fields(name: str, text: str) -> Iterator[tuple[int, str, str, str]]:
    found: tuple[int, str, str, str] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("#"):
            break
        if more := _CONTINUATION.fullmatch(line):
            if found is None:
                raise _error(name, number, "an indented line continues nothing")
            found = (*found[:3], f"{found[3]} {more[1].rstrip()}")
        elif field := _FIELD.fullmatch(line):
            if found is not None:
                yield found
            found = number, field[1], field[2] or "en", field[3].rstrip()
        else:
            raise _error(name, number, "a line of the header reads “# field: text”")
    if found is not None:
        yield found


def _labels(texts: Mapping[str, str]) -> tuple[Label, ...]:
    return tuple(Label(text, language) for language, text in sorted(texts.items()))


def _in(labels: Iterable[Label], language: str) -> Label:
    return best_label(labels, language) or Label("")


def _error(name: str, line: int, what: str) -> QueryError:
    return QueryError(f"maps/{name}.rq, line {line}: {what}", line=line)
