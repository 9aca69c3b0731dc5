"""Identifying: things by what names them alone, and things that have a given value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from graph.dataset import Dataset
from graph.engine import Query
from graph.identities.schemes import SCHEMES
from graph.identity import encode_key
from graph.reconciling.attributes import Attribute
from graph.reconciling.comparing import Given
from graph.terms import Term, is_absolute_iri, literal
from ontology import PREFIXES, compact

_MOST = 200  # things that have a value
_ID = re.compile(r"[a-z][a-z-]*/[^\s/]+")
_NUMBER = re.compile(r"[A-Z]{0,3}[A-Z0-9./ -]*[0-9][A-Z0-9./ -]*", re.IGNORECASE)
_LONGEST = 40  # characters of an identifier
_BLANKS = re.compile(r"[\s.\-/]+")
_HEAD = "".join(f"PREFIX {name}: <{address}> " for name, address in PREFIXES.items())
_NAMED = " ".join(compact(name) for name in SCHEMES)
_BEARING = Query(f"""{_HEAD}
SELECT DISTINCT ?thing WHERE {{
  VALUES ?value {{ UNDEF }}
  VALUES ?property {{ {_NAMED} }}
  ?thing ?property ?value
}} LIMIT {_MOST}
""")
_HAVING = f"""{_HEAD}
SELECT DISTINCT ?thing WHERE {{{{
  VALUES ?value {{{{ UNDEF }}}}
  ?thing ({{path}}) ?value
}}}} LIMIT {_MOST}
"""


def identified(dataset: Dataset, text: str) -> Iterator[str]:
    """Give what an identifier names: an id or address of ours, or one of a known scheme.

    What was merged is given as what it is now.
    """
    plain = text.strip()
    base = f"{dataset.identity.base}id/"
    if plain.startswith(base) or _ID.fullmatch(plain):
        segment, _, key = plain.removeprefix(base).partition("/")
        for address in (f"{base}{segment}/{key}", f"{base}{segment}/{encode_key(key)}"):
            reference = dataset.identity.parse(address)
            if reference is not None:
                target = dataset.redirects.of(reference) or reference
                yield f"{target.segment}/{encode_key(target.key)}"
                return
    values = list(_writings(plain))
    if values:
        yield from _ours(dataset, _BEARING.bind(value=values))


def having(dataset: Dataset, attribute: Attribute, given: Iterable[Given]) -> Iterator[str]:
    """Give things that have one of some values, which are ids or identifiers; at most 200."""
    base = f"{dataset.identity.base}id/"
    values = [
        term
        for one in given
        for term in (
            [Term("uri", f"{base}{one.text}")]
            if _ID.fullmatch(one.text) and is_absolute_iri(f"{base}{one.text}")
            else _writings(one.text.strip())
        )
    ]
    if not values:
        return
    paths = [path for _, path in attribute.paths] or [f"<{attribute.property}>"]
    for path in paths:
        yield from _ours(dataset, Query(_HAVING.format(path=path)).bind(value=values))


def _writings(text: str) -> Iterator[Term]:
    """Write an identifier as sources may: as an address, or as a text with or without blanks."""
    if text.startswith(("http://", "https://")):
        if is_absolute_iri(text):
            yield Term("uri", text)
    elif len(text) <= _LONGEST and _NUMBER.fullmatch(text):
        for written in dict.fromkeys((text, text.upper(), _BLANKS.sub("", text).upper())):
            yield literal(written)


def _ours(dataset: Dataset, query: Query) -> Iterator[str]:
    base = f"{dataset.identity.base}id/"
    for thing in dataset.store.select(query).values("thing"):
        if dataset.identity.parse(thing) is not None:
            yield thing.removeprefix(base)
