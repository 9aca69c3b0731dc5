"""Schemes: identifiers that name one thing in the world, as they stand in statements.

Only what passes the check digits of its scheme counts: registers are full of `000000000`, and a
typing error must not make two organisations one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from importlib import import_module
from types import MappingProxyType

from stdnum import get_cc_module
from stdnum.exceptions import ValidationError

from ontology import Property, expand

_BLANKS = re.compile(r"[\s.\-/]+")
_ROR = re.compile(r"https?://ror\.org/(0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})/?", re.IGNORECASE)
_WIKIDATA = re.compile(r"https?://(?:www\.)?wikidata\.org/(?:entity|wiki)/(Q[1-9][0-9]*)")
_PIC = re.compile(r"[1-9][0-9]{8}")
_RCN = re.compile(r"[1-9][0-9]{3,7}")
_ORG_ID = re.compile(r"[A-Z]{2,3}-[A-Z0-9]+-[A-Z0-9./_-]*[0-9][A-Z0-9./_-]*")
_NUMBER = re.compile(r"[A-Z0-9]{4,20}")
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # of Crockford's base 32, in which ROR counts
_FEWEST = 3  # different characters of a number that is no placeholder

SCHEMES: Mapping[str, str] = MappingProxyType(
    {
        Property.PIC: "PIC",
        expand("schema:vatID"): "VAT number",
        expand("schema:leiCode"): "LEI",
        Property.REGISTER_NUMBER: "register number",
        Property.ORG_ID: "org-id",
        Property.RCN: "RCN",
        expand("skos:exactMatch"): "",  # told by the address
        expand("owl:sameAs"): "",
    }
)
# Countries as registers of VAT write them, where that is not ISO 3166.
_VAT_COUNTRIES = {"GR": "EL"}


def identifier(
    property_: str, value: str, countries: Collection[str] = ()
) -> tuple[str, str] | None:
    """Give the scheme and the normal form of an identifier; None for what identifies nothing.

    `value` is the text of the literal or the IRI. Numbers that are national without saying of
    which country take it from `countries`, where there is exactly one.
    """
    scheme = SCHEMES.get(property_)
    if scheme is None:
        return None
    country = next(iter(countries)) if len(countries) == 1 else ""
    return _normal(scheme, value.strip(), country)


@lru_cache(maxsize=100_000)
def _normal(scheme: str, value: str, country: str) -> tuple[str, str] | None:
    if not scheme:
        return _of_address(value)
    plain = _BLANKS.sub("", value).upper()
    if scheme == "org-id":
        found = value.upper() if _ORG_ID.fullmatch(value.upper()) else None
    elif scheme == "PIC":
        found = plain if _PIC.fullmatch(plain) and len(set(plain)) >= _FEWEST else None
    elif scheme == "RCN":
        found = plain if _RCN.fullmatch(plain) else None
    elif scheme == "LEI":
        found = plain if _is_valid("stdnum.lei", plain) else None
    elif scheme == "VAT number":
        found = _vat(plain, country)
    else:
        found = _register(plain, country)
    return None if found is None else (scheme, found)


def _of_address(value: str) -> tuple[str, str] | None:
    ror = _ROR.fullmatch(value)
    if ror is not None:
        key = ror[1].lower()
        return ("ROR", f"https://ror.org/{key}") if _is_ror(key) else None
    wikidata = _WIKIDATA.fullmatch(value)
    return (
        None if wikidata is None else ("Wikidata", f"http://www.wikidata.org/entity/{wikidata[1]}")
    )


def _is_ror(key: str) -> bool:
    """Check the last two digits (ISO/IEC 7064, MOD 97-10) of a key such as `03yrm5c26`."""
    number = 0
    for letter in key[:7]:
        number = number * 32 + _DIGITS.index(letter)
    return 98 - number * 100 % 97 == int(key[7:])


def _vat(plain: str, country: str) -> str | None:
    named = plain[:2]
    if not named.isalpha():
        named = _VAT_COUNTRIES.get(country, country)
        plain = named + plain
    if not named or len(set(plain[2:])) < _FEWEST:
        return None
    module = get_cc_module("gr" if named == "EL" else named.lower(), "vat")
    if module is None:
        return None
    try:
        module.validate(plain if named != "EL" else plain[2:])
    except ValidationError:
        return None
    return plain


def _register(plain: str, country: str) -> str | None:
    if country and plain.startswith(country) and plain[2:3].isdigit():
        plain = plain[2:]
    elif not country and plain[:2].isalpha() and plain[2:3].isdigit():
        country, plain = plain[:2], plain[2:]
    if not country or not _NUMBER.fullmatch(plain) or len(set(plain)) < _FEWEST:
        return None
    return f"{country} {plain}"


def _is_valid(module: str, value: str) -> bool:
    return bool(import_module(module).is_valid(value))
