"""RDF terms and query results as plain values, the same for every engine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

XSD = "http://www.w3.org/2001/XMLSchema#"

_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}
_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f\ufffe\uffff]')

# The characters of RFC 3987, 2.2: `ucschar` anywhere, `iprivate` in queries only.
_UCS = "\xa0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef" + "".join(
    f"{chr(max(plane, 0xE1000) if plane == 0xE0000 else plane)}-{chr(plane + 0xFFFD)}"  # noqa: PLR2004
    for plane in range(0x10000, 0xF0000, 0x10000)
)
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_ENCODED = "%[0-9A-Fa-f]{2}"
_IN_NAME = rf"[A-Za-z0-9._~!$&'()*+,;={_UCS}-]|{_ENCODED}"
_IN_PATH = rf"[A-Za-z0-9._~!$&'()*+,;=:@/{_UCS}-]|{_ENCODED}"
_AUTHORITY = rf"(?:(?:{_IN_NAME}|:)*+@)?(?:\[[0-9A-Fa-f:.]+\]|(?:{_IN_NAME})*+)(?::[0-9]*+)?"
_IRI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.-]*+:(?://{_AUTHORITY}(?=[/?#]|\Z)|(?!//))(?:{_IN_PATH})*+"
    rf"(?:\?(?:{_IN_PATH}|[?{_PRIVATE}])*+)?(?:#(?:{_IN_PATH}|\?)*+)?"
)

# Well-formed tags of RFC 5646, 2.1, without those of four and more letters reserved for later
# and without the irregular ones of old registrations.
_LANGUAGE = re.compile(
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})"
    r"(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
    r"(?:-[A-WY-Za-wy-z0-9](?:-[A-Za-z0-9]{2,8})+)*(?:-[xX](?:-[A-Za-z0-9]{1,8})+)?"
    r"|[xX](?:-[A-Za-z0-9]{1,8})+"
)


class Term(NamedTuple):
    """An IRI, a blank node or a literal, in the words of SPARQL 1.1 results in JSON."""

    kind: Literal["uri", "literal", "bnode"]
    value: str
    language: str | None = None
    datatype: str | None = None


def iri(value: str) -> Term:
    """Make an IRI term; ValueError if the text is no absolute IRI (RFC 3987, 2.2)."""
    if not is_absolute_iri(value):
        raise ValueError(f"{value[:200]!r} is no absolute IRI")
    return Term("uri", value)


def text(value: str, language: str) -> Term:
    """Make a language-tagged literal; ValueError if the tag is not well formed (BCP 47).

    Tags are kept in lower case, as the store keeps them: they differ in nothing else.
    """
    if not is_language(language):
        raise ValueError(f"{language[:40]!r} is no language tag")
    return Term("literal", value, language.lower())


def literal(value: str, datatype: str | None = None) -> Term:
    """Make a literal with a datatype IRI, or a plain string."""
    return Term("literal", value, None, datatype)


def is_absolute_iri(value: str) -> bool:
    """Tell whether the text is an absolute IRI by the grammar of RFC 3987."""
    return _IRI.fullmatch(value) is not None


def is_language(value: str) -> bool:
    """Tell whether the text is a well-formed language tag (RFC 5646, 2.1)."""
    return _LANGUAGE.fullmatch(value) is not None


def n3(term: Term) -> str:
    """Write a term as in canonical N-Quads (RDF 1.2 N-Quads, section 3)."""
    if term.kind == "uri":
        return f"<{term.value}>"
    if term.kind == "bnode":
        return f"_:{term.value}"
    quoted = f'"{_ESCAPED.sub(_escape, term.value)}"'
    if term.language:
        return f"{quoted}@{term.language.lower()}"
    if term.datatype and term.datatype != f"{XSD}string":
        return f"{quoted}^^<{term.datatype}>"
    return quoted


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


@dataclass(frozen=True, slots=True)
class Solutions(Sequence[Mapping[str, Term]]):
    """The answer to a SELECT: variables in order, and a mapping of bound variables a row."""

    variables: tuple[str, ...]
    rows: tuple[Mapping[str, Term], ...]

    @classmethod
    def from_json(cls, body: bytes) -> Solutions:
        """Read SPARQL 1.1 Query Results JSON; ValueError if the bytes are something else."""
        document: Any = json.loads(body)
        try:
            variables = tuple(document["head"]["vars"])
            bindings = document["results"]["bindings"]
            rows = tuple(
                {name: _term(node) for name, node in binding.items()} for binding in bindings
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no SPARQL results in JSON: {error!r}") from error
        return cls(variables, rows)

    def __iter__(self) -> Iterator[Mapping[str, Term]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> Any:  # noqa: ANN401  # Sequence's two overloads
        return self.rows[index]

    def values(self, variable: str) -> list[str]:
        """Give the bound values of one variable, as text, in order."""
        return [row[variable].value for row in self.rows if variable in row]


def binding(row: Mapping[str, Term]) -> dict[str, dict[str, str]]:
    """Write one solution as SPARQL 1.1 Query Results JSON has it (3.2.2)."""
    return {name: _node(term) for name, term in row.items()}


def _node(term: Term) -> dict[str, str]:
    node = {"type": term.kind, "value": term.value}
    if term.language:
        node["xml:lang"] = term.language
    elif term.datatype:
        node["datatype"] = term.datatype
    return node


def _term(node: Mapping[str, str]) -> Term:
    kind = node["type"]
    if kind == "uri":
        return Term("uri", node["value"])
    if kind == "bnode":
        return Term("bnode", node["value"])
    if kind not in {"literal", "typed-literal"}:  # the latter is of results before 2013
        raise ValueError(f"terms of the kind {kind!r} are not used in this graph")
    return Term("literal", node["value"], node.get("xml:lang"), node.get("datatype"))
