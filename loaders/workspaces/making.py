"""Making a workspace: the folder with spreadsheets, mappings, settings and a README."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from string import Template

from graph import takedowns
from graph.errors import ParameterError, disk_error
from graph.identities import ledger
from loaders.workspaces.choices import Choices, read_choices
from loaders.workspaces.spreadsheets import write_workbook
from loaders.workspaces.tables import Language, Sheet, Tables, folder, read_tables

DATA = "tables"
SETTINGS = "sikg.env"
PUBLISHER = {
    "en": "Our competence centre",
    "et": "Meie kompetentsikeskus",
    "lv": "Mūsu kompetences centrs",
}
# How an amount is written that was typed as text; number cells arrive with a point.
NUMBERS = {
    "en": '["1,234.56"]',
    "et": '["1 234,56", "1234.56"]',
    "lv": '["1 234,56", "1234.56"]',
}
# Curated tables that come along, here links to them: what tables of others refer to.
OURS = ("countries", "funds")
# Files that later commands add lines to, and their headings.
_LEDGERS = {ledger.FILE: ledger.COLUMNS, takedowns.NAME: takedowns.COLUMNS}
_PLACEHOLDER = re.compile(r"\$([a-z_]+)")


def make_workspace(
    target: Path, language: Language = "en", publisher: str | None = None, today: date | None = None
) -> list[Path]:
    """Make a workspace in a folder that is empty or not there yet; name the files written.

    ParameterError where the folder has files, StorageError if the disk refuses.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ParameterError(f"{target} is not empty: name a folder that is not there yet")
    tables = read_tables()
    file = f"{tables.workbook[language]}.xlsx"
    words = {
        "publisher": " ".join((publisher or PUBLISHER[language]).split()),
        "today": (today or date.today()).isoformat(),  # noqa: DTZ011  # the day of who runs it
        "language": language,
        "numbers": NUMBERS[language],
        "data": DATA,
        "file": file,
    }
    try:
        (target / DATA).mkdir(parents=True)
        (target / "mappings").mkdir()
        write_workbook(target / DATA / file, language)
        for name in OURS:
            shutil.copyfile(folder() / f"{name}.csv", target / DATA / f"{name}.csv")
        for name, columns in _LEDGERS.items():
            (target / DATA / name).write_text(",".join(columns) + "\n", encoding="utf-8")
        _write_mappings(target / "mappings", tables, language, words)
        for name, template in (
            ("README.md", f"README.{language}.md"),
            (SETTINGS, "settings.env"),
            (".gitignore", "gitignore"),
        ):
            text = (folder() / "text" / template).read_text(encoding="utf-8")
            (target / name).write_text(Template(text).safe_substitute(words), encoding="utf-8")
    except OSError as error:
        raise disk_error(target, error) from error
    return sorted(path for path in target.rglob("*") if path.is_file())


def _write_mappings(
    target: Path, tables: Tables, language: Language, words: Mapping[str, str]
) -> None:
    shutil.copyfile(folder().parent / "sources" / "countries.yaml", target / "countries.yaml")
    shutil.copyfile(folder() / "mappings" / "funds.yaml", target / "funds.yaml")
    choices = read_choices(language)
    for name, sheet in tables.sheets.items():
        text = (folder() / "mappings" / f"{name}.yaml").read_text(encoding="utf-8")
        given = {**words, **_words(sheet, language, choices)}
        given["publisher"] = _quoted(words["publisher"])
        # A line that names a column which this language does not have is left out.
        lines = (
            line for line in text.splitlines() if set(_PLACEHOLDER.findall(line)) <= set(given)
        )
        filled = Template("\n".join(lines) + "\n").substitute(given)
        (target / f"{name}.yaml").write_text(filled, encoding="utf-8")


def _words(sheet: Sheet, language: Language, choices: Mapping[str, Choices]) -> dict[str, str]:
    """Give the headings of a sheet by the names of its columns, and what its lists stand for."""
    title = sheet.title[language]
    words = {"title": title, "sheet": title}
    for column in sheet.columns_in(language):
        words[column.id] = column.label[language]
        if column.choices is not None and column.choices in choices:
            keys = json.dumps(choices[column.choices].keys, ensure_ascii=False)
            words["map_" + column.choices.replace("-", "_")] = keys
    return words


def _quoted(text: str) -> str:
    """Write a text so that it can stand between quotation marks in a mapping."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
