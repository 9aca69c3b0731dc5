"""Words in the reader's language: catalogues are whole, and English stands for what is missing."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

from visualisations import wording as words
from visualisations.wording import wording, wordings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a folder of catalogues with a few words of Estonian."""
    (tmp_path / "et.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n'
        'Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "Maps"\nmsgstr "Kaardid"\n\n'
        'msgid "%(num)s row"\nmsgid_plural "%(num)s rows"\n'
        'msgstr[0] "%(num)s rida"\nmsgstr[1] "%(num)s rida kokku"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(words, "_FOLDER", tmp_path)
    for read in (words._read, words.wordings):
        read.cache_clear()
    yield tmp_path
    for read in (words._read, words.wordings):
        read.cache_clear()


def test_the_first_language_that_has_words_is_chosen(catalogues: Path) -> None:
    assert wordings() == ("en", "et")
    assert wording(["fi", "et-EE", "en"]).language == "et"
    assert wording(["fi"]).language == "en"
    assert wording([]).language == "en"
    assert wording(["en-GB", "et"]).language == "en"
    assert catalogues.is_dir()


@pytest.mark.usefixtures("catalogues")
def test_what_has_no_words_is_said_in_english() -> None:
    said = wording(["et"])
    assert said.gettext("Maps") == "Kaardid"
    assert said.gettext("Flows") == "Flows"
    assert said.ngettext("%(num)s row", "%(num)s rows", 2) == "%(num)s rida kokku"


def test_numbers_and_days_are_written_as_readers_do() -> None:
    assert wording(["en"]).number(Decimal("1234567.50")) == "1,234,567.50"
    assert wording(["en"]).number(12345) == "12,345"
    assert wording(["en"]).day(date(2026, 11, 22)) == "22 November 2026"


@pytest.fixture(scope="session")
def messages(tmp_path_factory: pytest.TempPathFactory) -> set[object]:
    """Gather what the code and the templates say, as `make words` does."""
    file = tmp_path_factory.mktemp("words") / "messages.pot"
    asked = (
        "extract",
        "-F",
        "babel.toml",
        "-k",
        "ProblemType:3,4",
        "-k",
        "say",
        "-o",
        str(file),
        ".",
    )
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", *asked]
    subprocess.run(command, cwd=ROOT, check=True)
    with file.open("rb") as source:
        return {item.id for item in read_po(source) if item.id}


@pytest.mark.parametrize("language", ["et", "lv"])
def test_a_catalogue_has_words_for_everything_and_nothing_else(
    language: str, messages: set[object]
) -> None:
    found = _catalogue(language)
    told = {item.id for item in found if item.id}
    assert (messages - told, told - messages) == (set(), set()), "run make words"
    assert [item.id for item in found if item.id and not all(_texts(item.string))] == []
    assert [item.id for item in found if item.fuzzy] == []


@pytest.mark.parametrize("language", ["et", "lv"])
def test_what_stands_for_values_and_tags_is_in_the_translation_too(language: str) -> None:
    wrong = [
        text
        for item in _catalogue(language)
        for text in _texts(item.string)
        if item.id and _marks(text) not in [_marks(told) for told in _texts(item.id)]
    ]
    assert wrong == []


def test_what_makes_words_is_called_by_a_name_that_is_looked_for() -> None:
    """Under another name its messages would be in no catalogue, and in English for ever."""
    called = {
        name
        for folder in ("api", "visualisations")
        for path in (ROOT / folder).rglob("*.py")
        for name in re.findall(
            r"\b(\w+) = [\w.]+\.n?gettext$", path.read_text("utf-8"), re.MULTILINE
        )
    }
    assert called == {"say"}


def _catalogue(language: str) -> Catalog:
    with (ROOT / "visualisations/locale" / f"{language}.po").open("rb") as source:
        return read_po(source, locale=language)


def _texts(told: object) -> tuple[str, ...]:
    """Give a message, or its forms for one and for several."""
    return tuple(told) if isinstance(told, list | tuple) else (str(told),)


def _marks(text: str) -> list[str]:
    """Give the places of values, the elements and the addresses in a text."""
    return sorted(re.findall(r"%\(\w+\)[a-z]|</?[a-z][^>]*>", text))
