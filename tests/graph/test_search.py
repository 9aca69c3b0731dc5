"""People find things by any of their names, however they spell them."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from graph.dataset import Dataset
from graph.errors import StorageError
from graph.search import Hit, Name, SearchIndex, folded

NAMES = [
    Name("i:tartu", "organisation", "Tartu Ülikool", "et"),
    Name("i:tartu", "organisation", "University of Tartu", "en"),
    Name("i:tartu", "organisation", "UT", "und", preferred=False),
    Name("i:tallinn", "organisation", "Tallinna Ülikool", "et"),
    Name("i:karditsa", "organisation", "Αναπτυξιακή Καρδίτσας", "el"),
    Name("i:bcause", "organisation", "Фондация BCause", "bg"),
    Name("i:skola", "organisation", "Šķeltovas skola", "lv"),
    Name("i:strasse", "organisation", "Straße der Łódź", "de"),
    Name("i:innovation", "theme", "social innovation", "en"),
    Name("i:innovator", "theme", "social innovator", "en"),
    Name("i:inclusion", "theme", "social inclusion", "en"),
    Name("i:employment", "theme", "employment", "en"),
    Name("i:employment", "theme", "work", "en", preferred=False),
    Name("i:work", "theme", "work", "en"),
    Name("i:work-life", "theme", "work and life", "en"),
    Name("i:esf", "programme", "ESF+ 2021-2027", "en"),
    *(Name("i:portugal", "country", "Portugal", f"l{number}") for number in range(24)),
    *(Name(f"i:port-{number}", "place", f"Portugalete {number:02}", "en") for number in range(10)),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    return SearchIndex.build(tmp_path_factory.mktemp("search") / "index", NAMES)


def found(index: SearchIndex, words: str, **more: object) -> list[str]:
    limit, segment = more.get("limit", 20), more.get("segment")
    assert isinstance(limit, int)
    assert segment is None or isinstance(segment, str)
    return [hit.iri for hit in index.search(words, limit=limit, segment=segment)]


@pytest.mark.parametrize(
    ("words", "iri"),
    [
        ("ülikool", "i:tartu"),
        ("ulikool", "i:tartu"),
        ("ÜLIKOOL TARTU", "i:tartu"),
        ("U\u0308likool", "i:tartu"),
        ("ut", "i:tartu"),
        ("university", "i:tartu"),
        ("univ tart", "i:tartu"),
        ("šķeltovas", "i:skola"),
        ("skeltovas", "i:skola"),
        ("šķ", "i:skola"),
        ("strasse", "i:strasse"),
        ("straße", "i:strasse"),
        ("lodz", "i:strasse"),
        ("łódź", "i:strasse"),
        ("Καρδίτσας", "i:karditsa"),
        ("ΚΑΡΔΙΤΣΑΣ", "i:karditsa"),
        ("καρδίτσασ", "i:karditsa"),
        ("kardits", "i:karditsa"),
        ("anaptyxiaki", "i:karditsa"),
        ("ФОНДАЦИЯ", "i:bcause"),
        ("фонд", "i:bcause"),
        ("fondatsia", "i:bcause"),
        ("fondatsiya bcause", "i:bcause"),
        ("esf+", "i:esf"),
        ("2021", "i:esf"),
        ("2021-2027", "i:esf"),
        ("  social\tinnovation\n", "i:innovation"),
        ("(social) innovation!", "i:innovation"),
        ("emplyoment", "i:employment"),
        ("employmemt", "i:employment"),
        ("innovashon", "i:innovation"),
        ("wrok", "i:work"),
    ],
)
def test_a_name_is_found_by_its_words_in_any_spelling(
    index: SearchIndex, words: str, iri: str
) -> None:
    assert iri in found(index, words)


@pytest.mark.parametrize(
    "words",
    ["hochschule", "wx", "ulikool employment", "social 2021", "ool", "wokr and xyzzy", "lik"],
)
def test_what_no_name_holds_is_not_found(index: SearchIndex, words: str) -> None:
    assert found(index, words) == []


def test_the_first_twelve_words_are_looked_at(tmp_path: Path) -> None:
    words = [f"word{letter}" for letter in "abcdefghijkl"]
    index = SearchIndex.build(tmp_path / "index", [Name("i:a", "x", " ".join(words), "en")])
    assert found(index, " ".join([*words, "xyzzy"])) == ["i:a"]
    assert found(index, " ".join([*words[:11], "xyzzy"])) == []
    assert found(index, " ".join([*words[:11], words[0], words[1], "xyzzy"])) == []


def test_short_words_hold_no_typing_error(index: SearchIndex) -> None:
    assert found(index, "ux") == []
    assert found(index, "esg") == []


def test_an_entity_comes_with_all_of_its_preferred_names(index: SearchIndex) -> None:
    (hit,) = index.search("ut")
    assert (hit.iri, hit.name) == ("i:tartu", "UT")
    assert set(hit.preferred) == {("Tartu Ülikool", "et"), ("University of Tartu", "en")}


def test_a_word_of_very_many_names_is_no_beginning_unless_it_is_the_last(tmp_path: Path) -> None:
    names = [Name(f"i:{number:04}", "x", f"work {number}", "en") for number in range(1_001)]
    names += [Name("i:worker", "x", "worker river", "en"), Name("i:workday", "x", "day work", "en")]
    index = SearchIndex.build(tmp_path / "index", names)
    assert found(index, "work river") == []
    assert found(index, "river work") == ["i:worker"]
    assert found(index, "work da") == ["i:workday"]


def test_every_word_has_to_match(index: SearchIndex) -> None:
    assert found(index, "tartu ulikool") == ["i:tartu"]
    assert set(found(index, "ulikool")) == {"i:tartu", "i:tallinn"}


def test_an_exact_word_stands_before_a_beginning_and_that_before_an_error(
    index: SearchIndex,
) -> None:
    assert found(index, "social innovato") == ["i:innovator", "i:innovation"]
    assert found(index, "social innovation") == ["i:innovation"]  # not another, two errors off
    assert found(index, "work")[-1] == "i:work-life"


def test_a_word_beyond_the_errors_allowed_is_found_by_its_beginning_only(tmp_path: Path) -> None:
    words = ("portals", "mortal", "portal", "portalet")
    index = SearchIndex.build(
        tmp_path / "index", [Name(f"i:{word}", "x", word, "en") for word in words]
    )
    assert found(index, "portal") == ["i:portal", "i:portals", "i:portalet", "i:mortal"]


def test_an_exact_word_that_is_common_stands_before_a_rare_error(tmp_path: Path) -> None:
    names = [Name(f"i:{number:04}", "x", f"centre {number}", "en") for number in range(500)]
    names.insert(250, Name("i:error", "x", "centra", "en"))
    ranked = found(SearchIndex.build(tmp_path / "index", names), "centre", limit=501)
    assert ranked[-1] == "i:error"
    assert len(ranked) == 501


def test_what_holds_all_of_many_words_is_not_looked_for_with_errors(tmp_path: Path) -> None:
    names = ("alpha beta gamma delta", "alpha beta gamma delto", "alpha betta gamma")
    index = SearchIndex.build(
        tmp_path / "index", [Name(f"i:{name}", "x", name, "en") for name in names]
    )
    assert found(index, "alpha beta gamma delta") == ["i:alpha beta gamma delta"]
    assert found(index, "alpha beta gama delta")[0] == "i:alpha beta gamma delta"
    hits = index.search("alpha beta gamma")
    assert [hit.iri for hit in hits][-1] == "i:alpha betta gamma"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_errors_are_looked_for_in_words_of_no_name_and_else_in_all(tmp_path: Path) -> None:
    names = ("alpha river", "alpho river", "alpho stone", "alpha")
    index = SearchIndex.build(
        tmp_path / "index", [Name(f"i:{name}", "x", name, "en") for name in names]
    )
    assert found(index, "alpha rivver") == ["i:alpha river"]
    assert found(index, "alpha stoone") == ["i:alpho stone"]
    assert set(found(index, "alpha river")) == {"i:alpha river", "i:alpho river"}


def test_a_preferred_name_stands_before_another_of_the_same_words(index: SearchIndex) -> None:
    assert found(index, "work")[:2] == ["i:work", "i:employment"]


def test_each_entity_comes_once_with_its_best_name(index: SearchIndex) -> None:
    hits = index.search("tartu")
    assert [hit.iri for hit in hits] == ["i:tartu"]
    assert hits[0].name == "Tartu Ülikool"
    assert hits[0].language == "et"
    assert hits[0].segment == "organisation"
    assert hits[0].score > 0


def test_an_entity_of_many_names_hides_no_other(index: SearchIndex) -> None:
    """Portugal has 24 names that match better than those of ten places."""
    assert len(found(index, "portugal", limit=5)) == 5
    assert len(found(index, "portugal", limit=11)) == 11
    assert found(index, "portugal", limit=5)[0] == "i:portugal"


def test_a_kind_can_be_chosen(index: SearchIndex) -> None:
    assert found(index, "social", segment="theme") == found(index, "social")
    assert found(index, "social", segment="organisation") == []
    assert found(index, "social", segment="theme OR organisation") == []


@pytest.mark.parametrize("limit", [0, -1])
def test_nothing_is_given_where_nothing_is_wanted(index: SearchIndex, limit: int) -> None:
    assert found(index, "social", limit=limit) == []


def test_a_limit_beyond_all_names_is_as_good_as_none(index: SearchIndex) -> None:
    assert found(index, "social", limit=10**12) == found(index, "social")


def test_the_order_is_the_same_each_time_and_in_each_build(
    index: SearchIndex, tmp_path: Path
) -> None:
    again = SearchIndex.build(tmp_path / "index", NAMES)
    opened = SearchIndex.open(tmp_path / "index")
    for words in ("portugal", "social", "so", "2021", "ulikool", "work"):
        first = index.search(words)
        assert first == index.search(words) == again.search(words) == opened.search(words)
        ranks = [
            (-hit.score, (hit.name, hit.language) not in hit.preferred, len(hit.name), hit.iri)
            for hit in first
        ]
        assert ranks == sorted(ranks)


HOSTILE = [
    "",
    " ",
    "\x00",
    "*",
    ".*",
    "(((((",
    "[a-z",
    "a{1,99999}",
    "\\",
    "name:x AND segment:y",
    '"unclosed',
    "+-&&||!(){}[]^~*?:/",
    "🙂",
    "🙂🙂 👩‍👩‍👧",
    "\ud800",
    "\u202e\u200d\ufeff",
    "__",
    "a_b_" * 3000,
    "x" * 10_000,
    "ß" * 10_000,
    "ξ" * 10_000,
    "漢" * 10_000,
    "ab " * 5_000,
    "a1b2c3 " * 5_000,
    " ".join(f"word{number}" for number in range(5_000)),
    "'; DROP TABLE names; --",
]


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: ascii(words)[:24])
def test_hostile_words_find_nothing_and_do_no_harm(index: SearchIndex, words: str) -> None:
    began = time.process_time()
    assert isinstance(found(index, words), list)
    assert time.process_time() - began < 2


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(words=st.text(max_size=60), segment=st.none() | st.text(max_size=5))
@example(words="a" * 59 + "é", segment="\x00")
def test_no_words_are_an_error(index: SearchIndex, words: str, segment: str | None) -> None:
    hits = index.search(words, segment=segment)
    assert all(isinstance(hit, Hit) for hit in hits)


@settings(max_examples=150, deadline=None)
@given(st.text())
def test_folded_words_hold_letters_and_digits_only(words: str) -> None:
    for word in folded(words):
        assert word.isascii()
        assert word.isalnum()
        assert word == word.lower()
        assert len(word) <= 60


def test_words_that_differ_in_case_accents_or_script_fold_to_one() -> None:
    assert list(folded("Tartu ÜLIKOOL")) == ["tartu", "ulikool"]
    assert list(folded("Καρδίτσας")) == list(folded("ΚΑΡΔΊΤΣΑΣ")) == ["karditsas"]
    assert list(folded("e\u0301cole")) == list(folded("école")) == ["ecole"]
    assert list(folded("ﬁnance")) == ["finance"]
    assert list(folded("🙂 !")) == []


def test_names_of_all_lengths_can_be_indexed(tmp_path: Path) -> None:
    long = "word " * 20_000
    names = [Name("i:long", "x", long, "en"), Name("i:one", "x", "y" * 100_000, "en")]
    names += [Name("i:empty", "x", "", "en"), Name("i:signs", "x", "🙂", "en")]
    index = SearchIndex.build(tmp_path / "index", names)
    assert found(index, "word") == ["i:long"]
    assert found(index, "y" * 50_000) == ["i:one"]


def test_an_index_without_names_answers(tmp_path: Path) -> None:
    SearchIndex.build(tmp_path / "index", [])
    assert found(SearchIndex.open(tmp_path / "index"), "anything") == []


def test_ten_thousand_names_are_indexed_in_seconds(tmp_path: Path) -> None:
    """The release has a third of that; a build must not wait for its index."""
    names = [
        Name(f"i:{number}", "organisation", f"Αναπτυξιακή Фондация Ülikool {number}", "el")
        for number in range(10_000)
    ]
    began = time.process_time()
    index = SearchIndex.build(tmp_path / "index", names)
    assert time.process_time() - began < 5
    began = time.process_time()
    assert len(found(index, "ulikool fondatsia", limit=20)) == 20
    assert time.process_time() - began < 1


@pytest.mark.parametrize("damage", ["missing", "empty", "garbage", "cut"])
def test_an_index_that_cannot_be_read_is_told_in_one_line(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "index"
    if damage == "empty":
        path.mkdir()
    elif damage != "missing":
        SearchIndex.build(path, NAMES)
        (path / "meta.json").write_text("garbage" if damage == "garbage" else "")
    with pytest.raises(StorageError) as told:
        SearchIndex.open(path)
    assert str(path) in str(told.value)
    assert "\n" not in str(told.value)


def test_an_index_is_not_built_where_something_is(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        SearchIndex.build(tmp_path, NAMES)


WRITE_UNDER_LIMIT = """
    import resource, sys
    from pathlib import Path
    from graph.errors import StorageError
    from graph.search import Name, SearchIndex

    limit = int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    names = [Name(f"i:{number}", "x", f"word{number * 7919}", "en") for number in range(5000)]
    try:
        SearchIndex.build(Path(sys.argv[1]), names)
    except StorageError as error:
        print(error)
"""


@pytest.mark.parametrize("limit", [0, 100, 1000, 4000, 20_000])
def test_a_disk_that_is_full_while_the_index_is_written_is_told_in_one_line(
    tmp_path: Path, limit: int
) -> None:
    script = textwrap.dedent(WRITE_UNDER_LIMIT)
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "index"), str(limit)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert str(tmp_path) in done.stdout
    assert "the disk" in done.stdout
    assert done.stdout.count("\n") == 1


# The release


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("ulikool", "Tartu Ülikool"),
        ("KYSK", "KÜSK"),
        ("kusk", "KÜSK"),
        ("fondatsia", "Фондация BCause"),
        ("Καρδίτσας", "Αναπτυξιακή Καρδίτσας"),
        ("sotsiaalne innovatsioon", "sotsiaalne innovatsioon"),
        ("sociālā inovācija", "sociālā inovācija"),
    ],
)
def test_its_names_are_found(dataset: Dataset, words: str, name: str) -> None:
    names = {hit.name.casefold() for hit in dataset.search.search(words, limit=50)}
    assert name.casefold() in names


def test_every_hit_is_an_entity_of_the_release(dataset: Dataset) -> None:
    hits = dataset.search.search("social", limit=100)
    assert len(hits) > 20
    for hit in hits:
        reference = dataset.identity.parse(hit.iri)
        assert reference is not None
        assert reference.segment == hit.segment
