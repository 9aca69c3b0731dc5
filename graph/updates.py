"""SPARQL updates as text: divided into their operations, without understanding the patterns.

The engine shows no parsed update, so the text is divided here by its tokens. Nothing is decided
by this reading: templates and patterns are given back as they stand, the engine parses them, and
what may be written is decided by the quads that come out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from graph.errors import ParameterError, QueryError
from graph.guard import MAX_NESTING

Kind = Literal[
    "insert data",
    "delete data",
    "modify",
    "load",
    "clear",
    "drop",
    "create",
    "add",
    "move",
    "copy",
    "unknown",
]

# SPARQL 1.1, 19.8. Escapes of codepoints stand within strings and IRIs only, as for the engine.
_TOKENS = re.compile(
    r"""
      (?P<space>(?:[\x20\t\r\n]|\#[^\n\r]*)+)
    | (?P<string>\"{3}(?:\"{0,2}(?:[^\"\\]|\\.))*\"{3}|'{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
                |\"(?:[^\"\\\n\r]|\\.)*\"|'(?:[^'\\\n\r]|\\.)*')
    | (?P<iri><(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
    | (?P<variable>[?$]\w+)
    | (?P<name>_:[\w.·-]*|[\w.-]*:(?:[\w:%.-]|\\.)*)
    | (?P<word>@?\w[\w-]*)
    | (?P<open>[(\[{]|<<)
    | (?P<close>[)\]}]|>>)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_COPYING: dict[str, Kind] = {"ADD": "add", "MOVE": "move", "COPY": "copy"}
_WHOLE: dict[str, Kind] = {"CLEAR": "clear", "DROP": "drop", "CREATE": "create"}


class Token(NamedTuple):
    """A token: its class, its text and where it begins and ends."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of an update.

    `prologue` holds all declarations before it. Graphs are given as written: an IRI in angle
    brackets, a prefixed name, or one of DEFAULT, NAMED and ALL. `data`, `delete`, `insert` and
    `where` are groups with their braces. `text` is the operation alone, which begins at `line`
    and `column`, both 1-based.
    """

    kind: Kind
    prologue: str
    text: str = ""
    line: int = 1
    column: int = 1
    silent: bool = False
    graphs: tuple[str, ...] = ()
    data: str = ""
    delete: str | None = None
    insert: str | None = None
    where: str = ""
    within: str | None = None
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()

    @property
    def variables(self) -> list[str]:
        """Give the variables of the templates, each once."""
        templates = f"{self.delete or ''} {self.insert or ''}"
        return list(
            dict.fromkeys(item.text[1:] for item in tokens(templates) if item.kind == "variable")
        )

    @property
    def makes_blank_nodes(self) -> bool:
        """Tell whether each solution may make blank nodes of its own."""
        return any(
            item.text in {"[", "("} or item.text.startswith("_:")
            for item in tokens(self.insert or "")
        )

    def over(self, using: Sequence[str], using_named: Sequence[str]) -> Operation:
        """Give the operation over the dataset of the protocol (SPARQL 1.1 Protocol, 2.2.3).

        ParameterError where the text names a dataset or a graph itself.
        """
        if self.kind != "modify" or not (using or using_named):
            return self
        if self.within or self.using or self.using_named:
            raise ParameterError(
                "using-graph-uri and using-named-graph-uri stand for USING and WITH: "
                "give either the parameters or the clauses"
            )
        return replace(
            self,
            using=tuple(f"<{graph}>" for graph in using),
            using_named=tuple(f"<{graph}>" for graph in using_named),
        )


def tokens(text: str) -> Iterator[Token]:
    """Give the tokens of a text, without white space and comments."""
    for match in _TOKENS.finditer(text):
        if match.lastgroup != "space":
            yield Token(match.lastgroup or "sign", match[0], match.start(), match.end())


def check_depth(update: str) -> None:
    """Refuse an update that nests deeper than the engine could bear; QueryError then."""
    depth = 0
    for item in tokens(update):
        depth += (item.kind == "open") - (item.kind == "close")
        if depth > MAX_NESTING:
            raise QueryError(f"the update is nested deeper than {MAX_NESTING} levels")


def read_operations(update: str) -> Iterator[Operation]:
    """Divide an update into its operations.

    What cannot be divided is given as an operation of the kind `unknown` and ends the reading.
    QueryError if the declarations cannot be read.
    """
    reader = _Reader(update, list(tokens(update)))
    while True:
        reader.read_prologue()
        if reader.ended:
            return
        start = reader.items[reader.place].start
        try:
            operation = reader.read_operation()
            end = reader.items[reader.place - 1].end
            if not reader.ended:
                reader.expect(";")
        except QueryError:
            operation, end = Operation("unknown", reader.prologue), len(update)
        line, column = _position(update, start)
        yield replace(operation, text=update[start:end], line=line, column=column)
        if operation.kind == "unknown":
            return


def _position(text: str, place: int) -> tuple[int, int]:
    return text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)


@dataclass(slots=True)
class _Reader:
    """Reads tokens one after the other."""

    text: str
    items: list[Token]
    place: int = 0
    declared: list[str] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        return self.place >= len(self.items)

    def peek(self) -> str:
        """Give the next word in capitals, or nothing at the end."""
        return "" if self.ended else self.items[self.place].text.upper()

    def take(self, *words: str) -> bool:
        """Pass over the next token if it is one of these words."""
        found = self.peek() in words
        self.place += found
        return found

    def expect(self, *words: str) -> None:
        if not self.take(*words):
            raise self._unreadable()

    def next(self) -> Token:
        if self.ended:
            raise self._unreadable()
        self.place += 1
        return self.items[self.place - 1]

    def read_prologue(self) -> None:
        while self.peek() in {"BASE", "PREFIX", "VERSION"}:
            first = self.next()
            last = self.next()
            if first.text.upper() == "PREFIX":
                last = self.next()
            self.declared.append(self.text[first.start : last.end])

    @property
    def prologue(self) -> str:
        return "".join(f"{item}\n" for item in self.declared)

    def read_operation(self) -> Operation:
        prologue, word = self.prologue, self.peek()
        if word in _WHOLE:
            self.next()
            silent = self.take("SILENT")
            self.take("GRAPH")
            return Operation(_WHOLE[word], prologue, silent=silent, graphs=(self.next().text,))
        if word in _COPYING:
            self.next()
            silent = self.take("SILENT")
            return Operation(_COPYING[word], prologue, silent=silent, graphs=self._two_graphs())
        if self.take("LOAD"):
            return self._load(prologue)
        return self._change(prologue)

    def _two_graphs(self) -> tuple[str, str]:
        self.take("GRAPH")
        first = self.next().text
        self.expect("TO")
        self.take("GRAPH")
        return first, self.next().text

    def _load(self, prologue: str) -> Operation:
        silent = self.take("SILENT")
        graphs = [self.next().text]
        if self.take("INTO"):
            self.take("GRAPH")
            graphs.append(self.next().text)
        return Operation("load", prologue, silent=silent, graphs=tuple(graphs))

    def _change(self, prologue: str) -> Operation:
        within = self.next().text if self.take("WITH") else None
        delete = insert = None
        if self.take("DELETE"):
            if self.take("DATA"):
                return Operation("delete data", prologue, data=self._group())
            if self.take("WHERE"):
                pattern = self._group()
                return Operation("modify", prologue, delete=pattern, where=pattern)
            delete = self._group()
        if self.take("INSERT"):
            if self.take("DATA"):
                return Operation("insert data", prologue, data=self._group())
            insert = self._group()
        using: dict[bool, list[str]] = {False: [], True: []}
        while self.take("USING"):
            named = self.take("NAMED")
            using[named].append(self.next().text)
        self.expect("WHERE")
        return Operation(
            "modify",
            prologue,
            delete=delete,
            insert=insert,
            where=self._group(),
            within=within,
            using=tuple(using[False]),
            using_named=tuple(using[True]),
        )

    def _group(self) -> str:
        """Read a group from its opening to its closing brace."""
        first = self.next()
        if first.text != "{":
            raise self._unreadable()
        depth, last = 1, first
        while depth:
            last = self.next()
            depth += (last.kind == "open") - (last.kind == "close")
        return self.text[first.start : last.end]

    def _unreadable(self) -> QueryError:
        place = self.items[min(self.place, len(self.items) - 1)].start if self.items else 0
        line, column = _position(self.text, place)
        return QueryError(
            f"line {line}, column {column}: the update cannot be divided into operations here",
            line=line,
            column=column,
        )
