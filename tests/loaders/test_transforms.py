"""A cell becomes a term that every parser reads back, or null where it can be none."""

from __future__ import annotations

import re
import string
from datetime import date
from decimal import Decimal
from urllib.parse import unquote

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph.engine import Query
from graph.errors import QueryError
from graph.formats import GRAPH_FORMATS, by_name
from graph.identity import encode_key
from graph.store import Store, parse
from graph.terms import XSD, Term
from loaders.language.mapping import Property
from loaders.transforms import encoded_key, quoted, slugged, term

NQUADS = by_name(GRAPH_FORMATS, "nquads")
# Polars and UTF-8 know no lone surrogates; the readers refuse them.
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def applied(expression: pl.Expr, *cells: str) -> list[str | None]:
    """Apply an expression to a column `cell`."""
    frame = pl.DataFrame({"cell": list(cells)}, schema={"cell": pl.String})
    return frame.select(out=expression)["out"].to_list()


def made(cell: str, kind: str, **options: object) -> str | None:
    """Give the term that a cell becomes."""
    item = Property.model_validate({"property": "skos:note", "column": "c", "as": kind, **options})
    return applied(term(pl.col("cell"), item, None), cell)[0]


def read_back(value: str) -> Term:
    """Read a term as the object of a statement."""
    assert NQUADS is not None
    line = f"<http://localhost/s> <http://localhost/p> {value} .\n"
    ((_, _, found),) = parse(line.encode(), NQUADS)
    return found


@given(TEXT)
def test_any_text_survives_being_written_and_read(text: str) -> None:
    (written,) = applied(quoted(pl.col("cell")), text)
    assert written is not None
    assert "\n" not in written
    assert read_back(written).value == text


@given(st.text('\\"\n\r\t\b\f\x00\x1f\x7fnrtu0é\U0001f600', min_size=1))
def test_text_of_escapes_survives(text: str) -> None:
    (written,) = applied(quoted(pl.col("cell")), text)
    assert written is not None
    assert read_back(written).value == text


def test_a_text_of_100_kb_survives() -> None:
    text = 'a"b\\c\n' * 17_000
    (written,) = applied(quoted(pl.col("cell")), text)
    assert written is not None
    assert read_back(written).value == text


@given(TEXT.filter(bool))
@example(".")
@example("..")
@example(".a")
def test_any_key_survives_being_encoded(key: str) -> None:
    (encoded,) = applied(encoded_key(pl.col("cell")), key)
    assert encoded == encode_key(key)
    assert unquote(encoded) == key
    assert re.fullmatch(r"([A-Za-z0-9._~-]|%[0-9A-F]{2})+", encoded)
    assert encoded not in {".", ".."}
    assert read_back(f"<http://localhost/id/practice/{encoded}>").kind == "uri"


@given(st.lists(TEXT.filter(bool), max_size=20))
def test_keys_are_encoded_each_in_its_own_row(keys: list[str]) -> None:
    assert applied(encoded_key(pl.col("cell")), *keys) == [encode_key(key) for key in keys]


def test_codes_become_keys_of_concepts() -> None:
    assert applied(slugged(pl.col("cell")), "lead_partner", "a-b") == ["lead-partner", "a-b"]


# Dates


@pytest.mark.parametrize(
    ("cell", "datatype"),
    [
        ("2021", "gYear"),
        ("0001", "gYear"),
        ("2021-05", "gYearMonth"),
        ("2021-12", "gYearMonth"),
        ("2021-05-14", "date"),
        ("2020-02-29", "date"),
        ("2000-02-29", "date"),
        ("9999-12-31", "date"),
    ],
)
def test_a_date_of_the_calendar_keeps_its_precision(cell: str, datatype: str) -> None:
    assert made(cell, "date") == f'"{cell}"^^<{XSD}{datatype}>'


@pytest.mark.parametrize(
    "cell",
    [
        *("2021-02-30", "2021-02-29", "1900-02-29", "2021-04-31", "2021-13", "2021-00"),
        *("2021-00-10", "2021-01-00", "2021-1-1", "21", "0000", "0000-01", "0000-01-01"),
        *("14.05.2021", "2021/05/14", "2021-05-14T10:00", "20210514", "-2021", "12021"),
        *("May 2021", "2021 ", "2021-05-14Z", "2021-05-14\n", "\u0662\u0660\u0662\u0661"),
        *("\uff12\uff10\uff12\uff11-05", "2021-0\u0665-14", "2021\u201105"),
    ],
)
def test_what_is_no_date_of_the_calendar_is_refused(cell: str) -> None:
    assert made(cell, "date") is None


@given(st.dates())
def test_every_day_of_the_calendar_is_a_date(day: date) -> None:
    assert made(day.isoformat(), "date") == f'"{day.isoformat()}"^^<{XSD}date>'


@given(st.text(string.digits + "-", max_size=10))
def test_digits_and_hyphens_are_a_date_only_as_python_reads_them(cell: str) -> None:
    filled = {4: "-01-01", 7: "-01", 10: ""}.get(len(cell), "?")
    try:
        real = re.fullmatch(r"\d{4}(-\d\d){0,2}", cell) and date.fromisoformat(cell + filled)
    except ValueError:
        real = None
    assert (made(cell, "date") is not None) == bool(real)


# Numbers


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        *(("0", "0"), ("12", "12"), ("-3", "-3"), ("+5", "5"), ("007", "7"), ("-0", "0")),
        *(("100", "100"), ("-000", "0"), ("9" * 18, "9" * 18)),
    ],
)
def test_whole_numbers_are_integers_in_their_shortest_form(cell: str, number: str) -> None:
    assert made(cell, "integer") == f'"{number}"^^<{XSD}integer>'


@pytest.mark.parametrize(
    "cell",
    [
        "1.0",
        "1e3",
        "",
        "-",
        "0x1F",
        "1 000",
        "1,000",
        "9" * 19,
        "\u0661\u0662",
        "\uff11",
        "²",
    ],
)
def test_what_is_no_whole_number_is_refused(cell: str) -> None:
    assert made(cell, "integer") is None


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        *(("0", "0"), ("1250.50", "1250.5"), ("-3.5", "-3.5"), ("+5", "5"), ("00012.10", "12.1")),
        *(("0.000001", "0.000001"), ("1000", "1000"), ("10.0", "10"), ("-0.00", "0")),
    ],
)
def test_amounts_are_decimals_in_their_shortest_form(cell: str, number: str) -> None:
    assert made(cell, "decimal") == f'"{number}"^^<{XSD}decimal>'


@given(st.from_regex(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?", fullmatch=True))
def test_a_number_comes_back_from_the_store_as_it_was_written(cell: str) -> None:
    """Else the digest of what is written would not be that of what is stored."""
    value = made(cell, "decimal")
    assert value is not None
    store = Store.in_memory()
    store.load(f"<urn:s> <urn:p> {value} .".encode(), GRAPH_FORMATS[0])
    (found,) = store.select(Query("SELECT ?x { ?s ?p ?x }"))
    assert found["x"] == read_back(value)
    assert Decimal(found["x"].value) == Decimal(cell)


@pytest.mark.parametrize(
    "cell",
    [
        *("1e400", "1e3", "NaN", "inf", "-inf", "Infinity", "1.234,56", "1,234.56", "1 234"),
        *("1.", ".5", "--1", "+-1", "€5", "5 EUR", "1_000", "9" * 19, "1\n", "\u0661.\u0665"),
        *("\uff11\uff12", "1.\u0665", "0.1234567890123456789"),
    ],
)
def test_what_is_no_amount_is_refused(cell: str) -> None:
    assert made(cell, "decimal") is None


@pytest.mark.parametrize(
    ("cell", "good"),
    [("0", True), ("-0", True), ("-1", False), ("-0.01", False), ("1", True), ("1.01", False)],
)
def test_bounds_are_held(cell: str, *, good: bool) -> None:
    assert (made(cell, "decimal", min="0", max="1") is not None) == good


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=10**15))
def test_amounts_of_cents_are_read_back_exactly(amount: Decimal) -> None:
    value = made(f"{amount:f}", "decimal", min="0")
    assert value is not None
    assert Decimal(read_back(value).value) == amount


# Addresses

GOOD_ADDRESSES = [
    "https://example.org",
    "HTTP://EXAMPLE.ORG/",
    "https://example.org:8080/a/b?c=d&e=f/g?h#i/j?k",
    "https://user@example.org/~x/(y);z=1,2!$'*+:@",
    "https://[2001:db8::1]/x",
    "https://õunapuu.ee/pärn?küsimus=jah#jaotis",
    "https://example.org/a%20b%C3%B5",
    "https://example.org/\U0001f600",
    "urn:isbn:9780141036144",
    "mailto:info@example.org",
    "doi:10.1000/182",
    "tel:+37255512345",
    "ftp://example.org/f",
]
BAD_ADDRESSES = [
    *("", "example.org", "www.example.org/x", "/relative", "//example.org/x", "#top", "http:"),
    *("http://", "https:///x", "http://a b", "https://example.org/a b", "https://example.org/\t"),
    *('https://example.org/"x"', "https://example.org/<x>", "https://example.org/{x}"),
    *("https://example.org/|", "https://example.org/^", "https://example.org/`"),
    *("https://example.org\\x", "javascript:alert(1)", "JavaScript:alert(1)", "vbscript:x"),
    *("data:text/html,x", "file:///etc/passwd", "about:blank", "https://example.org/%"),
    *("https://example.org/%zz", "https://example.org/%4", "https://example.org/#a#b"),
    *("https://example.org/[x]", "https://[x", "https://example.org:port/", "urn:", "x:y"),
    *("https://example.org/\n", "https://example.org/\x7f", "https://example.org/\ue000"),
    *("https://example.org/\u0085", "https://example.org/\ufffe", " https://example.org"),
    "https://example.org/ https://example.org/",
]


@pytest.mark.parametrize("cell", GOOD_ADDRESSES)
def test_an_absolute_address_is_an_iri(cell: str) -> None:
    assert made(cell, "iri") == f"<{cell}>"
    assert read_back(f"<{cell}>") == Term("uri", cell)


@pytest.mark.parametrize("cell", BAD_ADDRESSES)
def test_what_is_no_absolute_address_is_refused(cell: str) -> None:
    assert made(cell, "iri") is None


def test_an_address_of_100_kb_is_an_iri() -> None:
    cell = "https://example.org/" + "a" * 100_000
    assert made(cell, "iri") == f"<{cell}>"


@given(
    st.one_of(
        TEXT.map(lambda tail: f"https://example.org/{tail}"),
        TEXT.map(lambda host: f"https://{host}/x"),
        TEXT.map(lambda rest: f"urn:{rest}"),
        st.text('aZ0:/?#[]@%2Fé.-~"<> \ue000').map(lambda rest: f"http:{rest}"),
    )
)
def test_an_accepted_address_is_read_by_a_strict_parser(cell: str) -> None:
    value = made(cell, "iri")
    if value is not None:
        assert read_back(value) == Term("uri", cell)


@given(st.text(string.ascii_letters + string.digits + "-._~/?=&;:@!$'()*+,é"))
def test_an_address_of_plain_characters_is_accepted(tail: str) -> None:
    assert made(f"https://example.org/{tail}", "iri") is not None


@given(TEXT.filter(bool))
def test_a_template_encodes_whatever_fills_it(cell: str) -> None:
    value = made(cell, "iri", template="http://data.europa.eu/nuts/code/{}")
    assert value is not None
    assert unquote(read_back(value).value) == f"http://data.europa.eu/nuts/code/{cell}"


# Languages


@pytest.mark.parametrize("tag", ["en", "et", "und", "de-AT", "sr-Latn-RS", "x-private"])
def test_a_text_carries_its_language(tag: str) -> None:
    item = Property.model_validate({"property": "skos:note", "column": "c", "lang": "en"})
    (value,) = applied(term(pl.col("cell"), item, pl.lit(tag)), "õun")
    assert value is not None
    assert read_back(value) == Term("literal", "õun", tag.lower(), read_back(value).datatype)
    # The store keeps tags in small letters: written so, the digest counts what is stored.
    assert value.endswith(f"@{tag.lower()}")


@pytest.mark.parametrize(
    "tag", ["", "e n", "en_GB", "-", "en-", "1", "en@x", "toolonglanguage", "é"]
)
def test_a_text_with_a_malformed_tag_is_refused(tag: str) -> None:
    item = Property.model_validate({"property": "skos:note", "column": "c", "lang": "en"})
    assert applied(term(pl.col("cell"), item, pl.lit(tag)), "x") == [None]


def test_a_string_has_no_language() -> None:
    assert made("x y", "string") == '"x y"'


def test_the_strict_parser_of_these_tests_is_strict() -> None:
    with pytest.raises(QueryError):
        read_back("<https://example.org/%zz>")
