"""The query catalogue: the questions in `graph/queries/*.rq`, each described in its own header.

A file is standard SPARQL 1.1 below a header of comments, and runs as it is in any engine:

    # title: Organisations in several consortia
    # description: Who takes part in more than one consortium. A line that is
    #   indented goes on where the one before it ended.
    # parameter: country | entity country | optional | The country of the organisation.
    # parameter: least | integer | default 2 | The least number of consortia.
    # column: organisation | The organisation.
    # column: consortia | In how many consortia it takes part.
    # answers: Only participations with a consortium count, not those with practices.

Each parameter has one slot `VALUES ?name { … }` in the text, where its default stands; UNDEF
leaves it open. One rule for what depends on the base: the slot of an entity holds UNDEF, and a
default key in the header is bound by `CatalogueQuery.bound`. Inline data that is no slot is
written with parentheses, `VALUES (?name) { (…) }`.
"""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from graph.engine import Query
from graph.errors import NotFoundError, ParameterError, QueryError
from graph.identity import Identity
from graph.terms import XSD, Term, iri, is_absolute_iri, literal, n3

_FOLDER = Path(__file__).parent / "queries"
_LONGEST = 500  # characters of a value: names and keys are far shorter

_FILE_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FIELD = re.compile(r"# ([a-z]+): (\S.*)")
_CONTINUATION = re.compile(r"# {3,}(\S.*)")
_NAME = re.compile(r"(?!self$)[a-z][A-Za-z0-9]*")
_SEGMENT = re.compile(r"[a-z]+(-[a-z]+)*")
_SLOT = re.compile(r"VALUES\s+\?(\w+)\s*\{([^{}]*)\}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Kind(Enum):
    """What the value of a parameter is."""

    ENTITY = "entity"
    CONCEPT = "concept"
    TEXT = "text"
    LANGUAGE = "language"
    INTEGER = "integer"
    YEAR = "year"
    IRI = "iri"


_LITERALS = {
    Kind.CONCEPT: (re.compile(r"[a-z0-9]+(-[a-z0-9]+)*"), None),
    Kind.LANGUAGE: (re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"), None),
    Kind.INTEGER: (re.compile(r"-?[0-9]{1,18}"), f"{XSD}integer"),
    Kind.YEAR: (re.compile(r"[0-9]{4}"), f"{XSD}gYear"),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A typed parameter of a query.

    `segment` is the kind of entity or concept; an entity without one is given as segment/key.
    """

    name: str
    kind: Kind
    segment: str | None
    required: bool
    default: str | None
    description: str

    @property
    def expected(self) -> str:
        """Say in words what a value is."""
        if self.segment is not None:
            if self.kind is Kind.CONCEPT:
                return f"the notation of a {self.segment}, in small letters and hyphens"
            return f"the key of a {self.segment}, as in its address id/{self.segment}/KEY"
        return {
            Kind.ENTITY: "an entity as SEGMENT/KEY, as in its address id/SEGMENT/KEY",
            Kind.CONCEPT: "the notation of a concept, in small letters and hyphens",
            Kind.TEXT: f"a text of 1 to {_LONGEST} characters on one line",
            Kind.LANGUAGE: "a language tag such as en, et or lv",
            Kind.INTEGER: "a whole number",
            Kind.YEAR: "a year of four digits, such as 2021",
            Kind.IRI: "an absolute IRI, such as https://example.org/",
        }[self.kind]

    def term(self, value: str, identity: Identity) -> Term:
        """Make the term that a value stands for; ParameterError if the value is impossible.

        Entities may also be given by their IRI under the base. A concept becomes its notation,
        which is the same under every base.
        """
        made = None
        if 0 < len(value) <= _LONGEST and not _CONTROL.search(value):
            made = self._term(value, identity)
        if made is None:
            shown = f"{value[:80]}…" if len(value) > 80 else value  # noqa: PLR2004  # for display
            raise ParameterError(
                f"parameter “{self.name}” cannot be “{shown}”: expected is {self.expected}"
            )
        return made

    def _term(self, value: str, identity: Identity) -> Term | None:
        match self.kind:
            case Kind.ENTITY:
                return self._entity(value, identity)
            case Kind.IRI:
                return iri(value) if is_absolute_iri(value) else None
            case Kind.TEXT:
                return literal(value) if value.strip() else None
            case _:
                return self._literal(value)

    def _literal(self, value: str) -> Term | None:
        pattern, datatype = _LITERALS[self.kind]
        if not pattern.fullmatch(value):
            return None
        if self.kind is Kind.INTEGER:
            value = str(int(value))
        elif self.kind is Kind.LANGUAGE:
            value = value.lower()
        return literal(value, datatype)

    def _entity(self, value: str, identity: Identity) -> Term | None:
        segment, key = self.segment, value
        if value.startswith(("http://", "https://")):
            found = identity.parse(value)
            if found is None or segment not in {None, found.segment}:
                return None
            segment, key = found.segment, found.key
        elif segment is None:
            segment, _, key = value.partition("/")
        if not key.strip() or not _SEGMENT.fullmatch(segment):
            return None
        return iri(identity.entity(segment, key))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the answer."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class CatalogueQuery:
    """A question of the catalogue; `answers` says what its answer does not tell."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    answers: str
    text: str

    def bound(self, values: Mapping[str, str], identity: Identity) -> Query:
        """Give the query with values in its slots, and defaults where none are given.

        ParameterError for an unknown parameter, an impossible value and a missing one.
        """
        return Query(self.text).bind(**self.terms(values, identity))

    def terms(self, values: Mapping[str, str], identity: Identity) -> dict[str, Term]:
        """Give the terms that values stand for, and those of defaults where none are given.

        ParameterError for an unknown parameter, an impossible value and a missing one.
        """
        known = [parameter.name for parameter in self.parameters]
        for name in values:
            if name not in known:
                listed = ", ".join(known) or "none"
                raise ParameterError(
                    f"the query {self.name} has no parameter “{name[:80]}”"
                    f"{_nearest(name, known)} (it has: {listed})"
                )
        terms = {}
        for parameter in self.parameters:
            value = values.get(parameter.name, parameter.default)
            if value is not None:
                terms[parameter.name] = parameter.term(value, identity)
            elif parameter.required:
                raise ParameterError(
                    f"the query {self.name} needs the parameter “{parameter.name}”: "
                    f"{parameter.expected}"
                )
        return terms


class Catalogue:
    """All questions, in the order of their names."""

    def __init__(self, queries: Iterable[CatalogueQuery]) -> None:
        self._queries = {query.name: query for query in sorted(queries, key=lambda q: q.name)}

    @classmethod
    def read(cls, folder: Path | None = None) -> Catalogue:
        """Read the files of a folder, by default those of the project.

        QueryError, with file and line, for a malformed header or a slot that does not fit it.
        """
        home = folder or _FOLDER
        if not home.is_dir():
            raise NotFoundError(f"there is no folder of queries at {home}")
        return cls(read_query(path) for path in home.glob("*.rq"))

    def __iter__(self) -> Iterator[CatalogueQuery]:
        return iter(self._queries.values())

    def __len__(self) -> int:
        return len(self._queries)

    def get(self, name: str) -> CatalogueQuery:
        """Give the question of a name; NotFoundError, with near names, if there is none."""
        if name not in self._queries:
            raise NotFoundError(
                f"the catalogue has no query “{name[:80]}”{_nearest(name, self._queries)}"
            )
        return self._queries[name]


def read_query(path: Path) -> CatalogueQuery:
    """Read one file; QueryError, with file and line, if it is malformed."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"{path}: the file is not in UTF-8", line=1) from error
    if not _FILE_NAME.fullmatch(path.stem):
        raise _malformed(path, 1, "the file name has other characters than a-z, 0-9 and hyphens")
    header = _Header(path)
    lines = text.splitlines()
    end = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    for number, line in enumerate(lines[:end], start=1):
        header.add(number, line)
    query = header.query("\n".join(lines[end:]), text)
    _check_slots(path, text, query.parameters)
    return query


class _Header:
    """Collects the fields of a header, each with the line that it stands on."""

    _ONCE = ("title", "description", "answers")
    _MANY = ("parameter", "column")

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fields: list[tuple[int, str, str]] = []

    def add(self, number: int, line: str) -> None:
        """Take one line; QueryError if it is no field and continues none."""
        more = _CONTINUATION.fullmatch(line.rstrip())
        if more and self._fields:
            began, key, value = self._fields[-1]
            self._fields[-1] = (began, key, f"{value} {more[1]}")
            return
        field = _FIELD.fullmatch(line.rstrip())
        known = (*self._ONCE, *self._MANY)
        if field is None:
            raise _malformed(
                self._path, number, f"expected is “# key: value” with one of {', '.join(known)}"
            )
        if field[1] not in known:
            raise _malformed(
                self._path, number, f"there is no key “{field[1]}”{_nearest(field[1], known)}"
            )
        if field[1] in self._ONCE and any(key == field[1] for _, key, _ in self._fields):
            raise _malformed(self._path, number, f"“{field[1]}” stands here a second time")
        self._fields.append((number, field[1], field[2]))

    def query(self, body: str, text: str) -> CatalogueQuery:
        """Make the query; QueryError if a field is missing or malformed."""
        once = {key: value for _, key, value in self._fields if key in self._ONCE}
        for key in self._ONCE:
            if key not in once:
                raise _malformed(self._path, 1, f"the header has no “{key}”")
        if not body.strip():
            raise _malformed(self._path, len(text.splitlines()), "there is no query below it")
        parameters = tuple(
            self._parameter(number, value)
            for number, key, value in self._fields
            if key == "parameter"
        )
        columns = tuple(
            self._column(number, value) for number, key, value in self._fields if key == "column"
        )
        if not columns:
            raise _malformed(self._path, 1, "the header has no “column”")
        self._refuse_twice([item.name for item in parameters], "parameter")
        self._refuse_twice([item.name for item in columns], "column")
        return CatalogueQuery(
            self._path.stem,
            once["title"],
            once["description"],
            parameters,
            columns,
            once["answers"],
            text,
        )

    def _refuse_twice(self, names: list[str], key: str) -> None:
        lines = [number for number, found, _ in self._fields if found == key]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise _malformed(self._path, lines[place], f"{key} “{name}” is declared twice")

    def _column(self, number: int, value: str) -> Column:
        name, _, description = (part.strip() for part in value.partition("|"))
        if not _NAME.fullmatch(name) or not description:
            raise _malformed(self._path, number, "expected is “# column: name | description”")
        return Column(name, description)

    def _parameter(self, number: int, value: str) -> Parameter:
        parts = [part.strip() for part in value.split("|", 3)]
        if len(parts) != 4 or not _NAME.fullmatch(parts[0]) or not parts[3]:  # noqa: PLR2004
            raise _malformed(
                self._path,
                number,
                "expected is “# parameter: name | kind | optional, required or default … | "
                "description”",
            )
        name, kind_text, use, description = parts
        kind_name, _, segment = kind_text.partition(" ")
        kinds = {kind.value: kind for kind in Kind}
        if kind_name not in kinds:
            raise _malformed(
                self._path, number, f"there is no kind “{kind_name}”{_nearest(kind_name, kinds)}"
            )
        kind = kinds[kind_name]
        if segment and (kind not in {Kind.ENTITY, Kind.CONCEPT} or not _SEGMENT.fullmatch(segment)):
            raise _malformed(self._path, number, f"“{kind_text}” is no kind of parameter")
        word, _, default = use.partition(" ")
        if (word == "default") != bool(default) or word not in {"optional", "required", "default"}:
            raise _malformed(
                self._path, number, f"“{use}” is none of optional, required and default VALUE"
            )
        return Parameter(
            name, kind, segment or None, word == "required", default or None, description
        )


def _check_slots(path: Path, text: str, parameters: tuple[Parameter, ...]) -> None:
    """Refuse slots without declaration, declarations without slot, and slots with other values."""
    slots: dict[str, list[re.Match[str]]] = {}
    for match in _SLOT.finditer(text):
        slots.setdefault(match[1], []).append(match)
    declared = {parameter.name: parameter for parameter in parameters}
    for name, found in slots.items():
        line = text.count("\n", 0, found[-1].start()) + 1
        if name not in declared:
            raise _malformed(
                path, line, f"the slot of “{name}” has no declaration{_nearest(name, declared)}"
            )
        if len(found) > 1:
            raise _malformed(path, line, f"“{name}” has a second slot; name the variable anew")
        allowed = _slot_values(path, declared[name])
        if found[0][2].strip() not in allowed:
            raise _malformed(path, line, f"the slot of “{name}” must hold {' or '.join(allowed)}")
    for name in declared:
        if name not in slots:
            raise _malformed(path, 1, f"the parameter “{name}” has no slot VALUES ?{name} {{ … }}")


def _slot_values(path: Path, parameter: Parameter) -> list[str]:
    if parameter.default is None:
        return ["UNDEF"]
    try:
        term = parameter.term(parameter.default, Identity())
    except ParameterError as error:
        raise _malformed(path, 1, f"the default does not fit: {error}") from error
    if parameter.kind is Kind.ENTITY:
        return ["UNDEF"]
    return [term.value] if parameter.kind is Kind.INTEGER else [n3(term)]


def _malformed(path: Path, line: int, what: str) -> QueryError:
    return QueryError(f"{path}, line {line}: {what}", line=line)


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def document(catalogue: Catalogue) -> str:
    """Write what the headers say as the Markdown of docs/queries.md."""
    parts = [_PREFACE]
    for query in catalogue:
        parts.append(f"## {query.name}\n\n**{query.title}.** {query.description}\n")
        if query.parameters:
            parts.append("| parameter | kind | use | what |\n|---|---|---|---|")
            parts.extend(_parameter_row(parameter) for parameter in query.parameters)
            parts.append("")
        parts.append("| column | what |\n|---|---|")
        parts.extend(f"| `{column.name}` | {column.description} |" for column in query.columns)
        parts.append(f"\nLimits: {query.answers}\n")
    return "\n".join(parts)


def _parameter_row(parameter: Parameter) -> str:
    kind = parameter.kind.value + (f" {parameter.segment}" if parameter.segment else "")
    use = "required" if parameter.required else "optional"
    if parameter.default is not None:
        use = f"default `{parameter.default}`"
    return f"| `{parameter.name}` | {kind} | {use} | {parameter.description} |"


_PREFACE = """\
# The query catalogue

Written by `python -m graph.catalogue > docs/queries.md` from the headers of `graph/queries/*.rq`;
a test fails where the two differ.

Each file is standard SPARQL 1.1 that runs as it is in any engine. Parameters are bound as RDF
terms in slots `VALUES ?name { … }`, never spliced as text. A value is written by its kind:

| kind | value | bound as |
|---|---|---|
| entity SEGMENT | the key, as in `id/SEGMENT/KEY`, or the whole IRI | IRI under the base |
| entity | SEGMENT/KEY, or the whole IRI | IRI under the base |
| concept SEGMENT | the `skos:notation`, in small letters and hyphens | string |
| text | words on one line | string |
| language | a language tag, such as `en` | string in small letters |
| integer | a whole number | `xsd:integer` |
| year | four digits | `xsd:gYear` |
| iri | an absolute IRI | IRI |

A default stands in the slot itself, so that the text alone gives the same answer. The one
exception is the default of an entity, whose IRI depends on the base of the release: its slot
holds `UNDEF`, the text alone answers for all entities, and the default is bound with the others.

Names of things are in the language of the source that named them; where an answer has a
parameter `language`, the names of countries and concepts follow it and are left out where there
is no such name. Lists inside a cell are separated by “; ” (pages by “ | ”) and come in no order.
Amounts of different kinds, phases and currencies are never added up.
"""


if __name__ == "__main__":
    sys.stdout.write(document(Catalogue.read()))
