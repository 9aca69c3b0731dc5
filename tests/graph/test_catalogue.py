"""How the catalogue reads its files and binds parameters."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.catalogue import Catalogue, CatalogueQuery, Kind, document, read_query
from graph.errors import NotFoundError, ParameterError, QueryError
from graph.formats import GRAPH_FORMATS, by_name
from graph.identity import Identity
from graph.store import Store
from graph.terms import XSD, n3

BASE = Identity("https://example.org/kg/")

GOOD = """\
# title: Things by name
# description: What is called so. A description may
#   go on below.
# parameter: words | text | required | What the name holds.
# parameter: about | entity organisation | default a-b | Only this thing.
# parameter: least | integer | default 2 | The least number.
# parameter: language | language | default en | The language.
# column: thing | The thing.
# answers: Nothing
#   more.

SELECT ?thing WHERE {
  VALUES ?words { UNDEF }
  VALUES ?about { UNDEF }
  VALUES ?least { 2 }
  VALUES ?language { "en" }
  VALUES (?plain) { (1) }
  ?thing ?p ?words
}
"""


def write(folder: Path, text: str, name: str = "things-by-name.rq") -> Path:
    """Write a query file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def good(tmp_path: Path) -> CatalogueQuery:
    """Read the query above."""
    return read_query(write(tmp_path, GOOD))


def test_a_header_is_read(good: CatalogueQuery) -> None:
    """Take title, description over lines, parameters, columns and limits from the comments."""
    assert (good.name, good.title) == ("things-by-name", "Things by name")
    assert good.description == "What is called so. A description may go on below."
    assert good.answers == "Nothing more."
    assert [column.name for column in good.columns] == ["thing"]
    words, about, least, _ = good.parameters
    assert (words.kind, words.required, words.default) == (Kind.TEXT, True, None)
    assert (about.kind, about.segment, about.default) == (Kind.ENTITY, "organisation", "a-b")
    assert (least.kind, least.required, least.default) == (Kind.INTEGER, False, "2")
    assert good.text == GOOD


def test_values_and_defaults_are_bound_as_terms(good: CatalogueQuery) -> None:
    """Fill the slots with canonical terms, entities under the base of the release."""
    text = good.bound({"words": 'a "b"', "least": "007"}, BASE).text
    assert r'VALUES ?words { "a \"b\"" }' in text
    assert "VALUES ?about { <https://example.org/kg/id/organisation/a-b> }" in text
    assert f'VALUES ?least {{ "7"^^<{XSD}integer> }}' in text
    assert 'VALUES ?language { "en" }' in text


@pytest.mark.parametrize(
    "value",
    [
        'x" } ?s ?p ?o . { #',
        "x> } DROP ALL #",
        "\\u0022 } \\",
        "?words",
        "VALUES ?words { UNDEF }",
        "é“”'''",
    ],
)
def test_no_value_is_read_as_query(value: str, tmp_path: Path) -> None:
    """Give back any text as it was, whatever SPARQL it spells."""
    path = write(
        tmp_path,
        "# title: t\n# description: d\n# parameter: words | text | required | w\n"
        "# column: words | w\n# answers: a\nSELECT ?words { VALUES ?words { UNDEF } }\n",
    )
    answer = Store.in_memory().select(read_query(path).bound({"words": value}, BASE))
    assert [row["words"].value for row in answer] == [value]


@pytest.mark.parametrize(
    ("kind", "value", "term"),
    [
        ("entity country", "EE", "<https://example.org/kg/id/country/EE>"),
        (
            "entity country",
            "https://example.org/kg/id/country/EE",
            "<https://example.org/kg/id/country/EE>",
        ),
        ("entity call", "VP/2020/010", "<https://example.org/kg/id/call/VP%2F2020%2F010>"),
        ("entity", "policy/epsr", "<https://example.org/kg/id/policy/epsr>"),
        ("concept theme", "social-economy", '"social-economy"'),
        ("language", "ET", '"et"'),
        ("integer", "-05", f'"-5"^^<{XSD}integer>'),
        ("year", "2021", f'"2021"^^<{XSD}gYear>'),
        ("iri", "https://ror.org/03z77qz90", "<https://ror.org/03z77qz90>"),
        ("text", "Kõik", '"Kõik"'),
    ],
)
def test_a_value_becomes_the_term_of_its_kind(
    kind: str, value: str, term: str, tmp_path: Path
) -> None:
    """Read a value by the kind of its parameter."""
    parameter = one_parameter(tmp_path, kind)
    assert n3(parameter.parameters[0].term(value, BASE)) == term


def one_parameter(folder: Path, kind: str) -> CatalogueQuery:
    """Write and read a query with one parameter of a kind."""
    text = (
        f"# title: t\n# description: d\n# parameter: x | {kind} | optional | it\n"
        "# column: x | it\n# answers: a\n\nSELECT ?x { VALUES ?x { UNDEF } }\n"
    )
    return read_query(write(folder, text))


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("entity country", "", "the key of a country"),
        ("entity country", "https://example.org/kg/id/region/EE", "the key of a country"),
        ("entity country", "https://elsewhere.example/id/country/EE", "the key of a country"),
        ("entity", "epsr", "SEGMENT/KEY"),
        ("entity", "Policy/epsr", "SEGMENT/KEY"),
        ("entity", "policy/", "SEGMENT/KEY"),
        ("concept theme", "social_economy", "the notation of a theme"),
        ("language", "e", "a language tag"),
        ("language", 'en"', "a language tag"),
        ("integer", "1.5", "a whole number"),
        ("integer", "9" * 19, "a whole number"),
        ("integer", "٢", "a whole number"),
        ("year", "21", "four digits"),
        ("iri", "ror.org", "an absolute IRI"),
        ("iri", "https://a b", "an absolute IRI"),
        ("text", " ", "a text"),
        ("text", "two\nlines", "a text"),
        ("text", "x" * 501, "a text"),
    ],
)
def test_an_impossible_value_is_told_with_what_is_expected(
    kind: str, value: str, expected: str, tmp_path: Path
) -> None:
    """Name parameter, value and expectation; long values are cut in the message."""
    query = one_parameter(tmp_path, kind)
    with pytest.raises(ParameterError) as caught:
        query.bound({"x": value}, BASE)
    message = str(caught.value)
    assert "“x”" in message
    assert value[:80] in message
    assert expected in message
    assert len(message) < 300


def test_an_unknown_parameter_is_answered_with_the_nearest(good: CatalogueQuery) -> None:
    """Say which parameter was probably meant, and which there are."""
    with pytest.raises(ParameterError, match="no parameter “langage”; did you mean language"):
        good.bound({"words": "x", "langage": "en"}, BASE)


def test_a_missing_parameter_is_named(good: CatalogueQuery) -> None:
    """Say which required parameter is missing and what it is."""
    with pytest.raises(ParameterError, match="needs the parameter “words”: a text"):
        good.bound({}, BASE)


def test_an_optional_parameter_stays_open(tmp_path: Path) -> None:
    """Leave UNDEF in the slot of what is not given."""
    query = one_parameter(tmp_path, "entity country")
    assert query.bound({}, BASE).text == query.text


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("# title: Things by name\n", "", 1, "no “title”"),
        ("# answers: Nothing\n#   more.\n", "", 1, "no “answers”"),
        ("# column: thing | The thing.\n", "", 1, "no “column”"),
        ("# title:", "# titel:", 1, "no key “titel”; did you mean title"),
        ("# title:", "#title:", 1, "expected is “# key: value”"),
        ("# description:", "# title: again\n# description:", 2, "“title” stands here a second"),
        ("| text |", "| txt |", 4, "no kind “txt”; did you mean text"),
        ("| text |", "| text organisation |", 4, "“text organisation” is no kind"),
        ("| required |", "| needed |", 4, "“needed” is none of"),
        ("| required |", "| default |", 4, "“default” is none of"),
        ("| required |", "| required yes |", 4, "“required yes” is none of"),
        ("| text | required | What", "| text | What", 4, "expected is “# parameter: name"),
        ("parameter: words", "parameter: self", 4, "expected is “# parameter: name"),
        ("parameter: words", "parameter: about", 5, "parameter “about” is declared twice"),
        ("thing | The thing.", "thing", 8, "expected is “# column: name"),
        (
            "thing | The thing.",
            "thing | It.\n# column: thing | It.",
            9,
            "“thing” is declared twice",
        ),
        ("  VALUES ?words { UNDEF }\n", "", 1, "“words” has no slot"),
        ("VALUES ?words", "VALUES ?wards", 13, "“wards” has no declaration; did you mean words"),
        ("(?plain) { (1) }", "?plain { 1 }", 17, "“plain” has no declaration"),
        ("?thing ?p", "VALUES ?words { UNDEF } ?thing ?p", 18, "“words” has a second slot"),
        ("?words { UNDEF }", '?words { "x" }', 13, "“words” must hold UNDEF"),
        ("?about { UNDEF }", "?about { <x> }", 14, "“about” must hold UNDEF"),
        ("?least { 2 }", "?least { 3 }", 15, "“least” must hold 2"),
        ("default 2", "default two", 1, "the default does not fit"),
    ],
)
def test_a_malformed_file_is_told_with_its_line(
    old: str, new: str, line: int, told: str, tmp_path: Path
) -> None:
    """Name file, line and cause of each mistake in a header."""
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(QueryError) as caught:
        Catalogue.read(tmp_path)
    assert str(caught.value).startswith(f"{path}, line {line}: ")
    assert told in str(caught.value)
    assert caught.value.line == line


def test_a_header_without_a_query_is_refused(tmp_path: Path) -> None:
    """Ask for the query itself."""
    path = write(tmp_path, GOOD.partition("\n\n")[0] + "\n")
    with pytest.raises(QueryError, match="no query below"):
        read_query(path)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """Say that UTF-8 is expected."""
    path = tmp_path / "x.rq"
    path.write_bytes(GOOD.replace("Nothing", "Nõthing").encode("cp1252"))
    with pytest.raises(QueryError, match="UTF-8"):
        read_query(path)


def test_a_file_name_is_a_path_step(tmp_path: Path) -> None:
    """Allow only names that need no escaping in an address."""
    with pytest.raises(QueryError, match="file name"):
        read_query(write(tmp_path, GOOD, "Things By Name.rq"))


def test_the_catalogue_is_ordered_and_counts(tmp_path: Path) -> None:
    """List queries by name, whatever order the folder has."""
    for name in ("b", "c", "a"):
        write(tmp_path, GOOD, f"{name}.rq")
    write(tmp_path, "no query", "README.md")
    catalogue = Catalogue.read(tmp_path)
    assert [query.name for query in catalogue] == ["a", "b", "c"]
    assert len(catalogue) == 3
    assert catalogue.get("b").name == "b"


def test_an_unknown_query_is_answered_with_near_names() -> None:
    """Help with a misspelt name."""
    with pytest.raises(NotFoundError, match="did you mean conflicts"):
        Catalogue.read().get("conflict")


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    """Say where queries were looked for."""
    with pytest.raises(NotFoundError, match="nowhere"):
        Catalogue.read(tmp_path / "nowhere")


def test_the_document_tells_what_the_headers_say(good: CatalogueQuery) -> None:
    """Write title, limits, parameters with their use, and columns."""
    text = document(Catalogue([good]))
    assert "## things-by-name" in text
    assert "**Things by name.** What is called so. A description may go on below." in text
    assert "| `about` | entity organisation | default `a-b` | Only this thing. |" in text
    assert "| `words` | text | required | What the name holds. |" in text
    assert "| `thing` | The thing. |" in text
    assert "Limits: Nothing more." in text


def test_a_bound_query_runs(good: CatalogueQuery) -> None:
    """Run what was bound."""
    store = Store.in_memory()
    turtle = by_name(GRAPH_FORMATS, "turtle")
    assert turtle is not None
    store.load(b'<http://x/1> <http://x/name> "one" . <http://x/2> <http://x/name> "two" .', turtle)
    answer = store.select(good.bound({"words": "two"}, BASE))
    assert answer.values("thing") == ["http://x/2"]
