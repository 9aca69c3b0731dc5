"""Corrected values: what a reader writes, as a term of the sort that its property has."""

from __future__ import annotations

import re
from collections.abc import Mapping

from graph.errors import ParameterError
from graph.identity import Identity
from graph.terms import XSD, Term, is_absolute_iri
from ontology import classes, expand, ranges

_UNTOLD = "und"  # the language of a text of which nobody said it
_TEXT = expand("rdf:langString")
# Forms of literals; a date is as precise as it is written.
_FORMS: Mapping[str, re.Pattern[str]] = {
    f"{XSD}gYear": re.compile(r"[0-9]{4}"),
    f"{XSD}gYearMonth": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])"),
    f"{XSD}date": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"),
    f"{XSD}integer": re.compile(r"-?[0-9]{1,18}"),
    f"{XSD}decimal": re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,9})?"),
}
_EXPECTED = {
    f"{XSD}date": "a date such as 2021, 2021-05 or 2021-05-14",
    f"{XSD}gYear": "a year such as 2021",
    f"{XSD}decimal": "a number such as 1275915.80",
    f"{XSD}integer": "a whole number",
}


def corrected_value(identity: Identity, predicate: str, value: str, language: str) -> Term:
    """Read a value of a property; ParameterError says what is expected where it is none."""
    kinds = ranges(predicate)
    if kinds & classes():
        return _link(identity, value)
    if kinds & _FORMS.keys():
        return _literal(kinds, value)
    if _TEXT in kinds:
        return Term("literal", value, language.lower() or _UNTOLD)
    if not kinds and not language and _is_address(value):
        return Term("uri", value)
    return Term("literal", value, language.lower() or None)


def _link(identity: Identity, value: str) -> Term:
    address = value if _is_address(value) else f"{identity.base}id/{value}"
    if address != value and identity.parse(address) is None:
        raise ParameterError(
            f"{value[:80]!r} is no thing: give its kind and key, such as country/LV, or its address"
        )
    return Term("uri", address)


def _literal(kinds: frozenset[str], value: str) -> Term:
    for datatype, form in _FORMS.items():
        if datatype in kinds and form.fullmatch(value):
            return Term("literal", value, None, datatype)
    expected = next(text for datatype, text in _EXPECTED.items() if datatype in kinds)
    raise ParameterError(f"{value[:80]!r} is not what is expected here: {expected}")


def _is_address(value: str) -> bool:
    return value.startswith(("http://", "https://")) and is_absolute_iri(value)
