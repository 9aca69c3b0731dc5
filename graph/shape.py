"""The shape of a query: what kind of question it is, without what it asks about.

For logs: names of people stand in literals, IRIs, comments, variables and wherever a client
writes them, so that only words of SPARQL and terms of known vocabularies are kept.
"""

from __future__ import annotations

import re
from typing import Final

from ontology import PREFIXES

_LONGEST_READ: Final = 20_000  # characters of a query that are read
_LONGEST: Final = 1000  # characters of a shape
_OTHER: Final = "…"
_MARKS: Final = {"string": '"…"', "tag": "@…", "number": "0"}

_TOKEN: Final = re.compile(
    r"""
      (?P<space>[\s]+|\#[^\n\r]*)
    | (?P<string>\"{3}.*?(?:\"{3}|\Z)|'{3}.*?(?:'{3}|\Z)
                |\"(?:[^\"\\\n\r]|\\.)*(?:\"|\Z|(?=[\n\r]))|'(?:[^'\\\n\r]|\\.)*(?:'|\Z|(?=[\n\r])))
    | <(?P<iri>[^<>\"{}|^`\\\x00-\x20]*)>
    | (?P<variable>[?$]\w+)
    | (?P<tag>@[\w-]+)
    | (?P<named>(?P<prefix>[\w.-]{0,60}):(?P<local>(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)*))
    | (?P<number>[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)
    | (?P<word>\w+)
    | (?P<mark>\^\^|&&|\|\||[<>!]=|<<|>>|[{}()\[\];,.*/|^!=<>+-]|\?)
    | (?P<rest>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_DECLARED: Final = re.compile(
    r"\bPREFIX\s+(?P<prefix>[\w.-]*):\s*<(?P<iri>[^<>\"{}|^`\\\x00-\x20]*)>", re.IGNORECASE
)
_LOCAL: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")
_WORD: Final = re.compile(
    r"""
    abs | add | all | as | asc | ask | avg | base | bind | bnode | bound | by | ceil |
    clear | coalesce | concat | construct | contains | copy | count | create | data |
    datatype | day | default | delete | desc | describe | distinct | drop |
    encode_for_uri | exists | false | filter | floor | from | graph | group |
    group_concat | having | hours | if | in | insert | into | iri | isblank | isiri |
    isliteral | isnumeric | isuri | lang | langmatches | lcase | limit | load | max |
    md5 | min | minus | minutes | month | move | named | not | now | offset | optional |
    order | prefix | rand | reduced | regex | replace | round | sameterm | sample |
    seconds | select | separator | service | sha1 | sha256 | sha384 | sha512 | silent |
    str | strafter | strbefore | strdt | strends | strlang | strlen | strstarts |
    struuid | substr | sum | timezone | to | triple | true | tz | ucase | undef | union
    | unsaid | uri | using | uuid | values | where | with | year
    """,
    re.VERBOSE | re.IGNORECASE,
)


def shape(query: str) -> str:
    """Write a query with all that its author could have made up taken out.

    Literals, numbers, and IRIs outside the vocabularies of `ontology.PREFIXES` leave a mark,
    variables a number, comments and prefix declarations nothing. At most 1,000 characters.
    """
    text = query[:_LONGEST_READ]
    prefixes = {found["prefix"]: found["iri"] for found in _DECLARED.finditer(text)}
    text = _DECLARED.sub(" ", text)
    names: dict[str, str] = {}
    parts: list[str] = []
    size = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "space":
            continue
        written = _written(match, prefixes, names)
        # A row of things that left the same mark says no more than one of them.
        if parts[-1:] == [written] and written in {_OTHER, "<…>", *_MARKS.values()}:
            continue
        parts.append(written)
        size += len(written) + 1
        if size > _LONGEST:
            break
    whole = " ".join(parts)
    return whole if len(whole) <= _LONGEST else whole[: _LONGEST - 1] + _OTHER


def _written(match: re.Match[str], prefixes: dict[str, str], names: dict[str, str]) -> str:
    kind, text = match.lastgroup, match[0]
    written = _OTHER
    if kind in _MARKS:
        written = _MARKS[kind]
    elif kind == "iri":
        written = _known(match["iri"])
    elif kind == "named":
        namespace = prefixes.get(match["prefix"])
        written = "<…>" if namespace is None else _known(namespace + match["local"])
    elif kind == "variable":
        written = names.setdefault(text[1:], f"?v{len(names) + 1}")
    elif kind == "word" and (text == "a" or _WORD.fullmatch(text)):
        written = text if text == "a" else text.upper()
    elif kind == "mark":
        written = text
    return written


def _known(iri: str) -> str:
    """Write the name of a term of a known vocabulary, and a mark for any other IRI."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and _LOCAL.fullmatch(local):
            return f"{prefix}:{local}"
    return "<…>"
