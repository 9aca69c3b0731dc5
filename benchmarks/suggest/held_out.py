"""Tables that nothing was made for: write them as their publishers do, and judge.

held-out.yaml holds the first set, held-out-second.yaml tables that were gathered later.

The columns of each table are shuffled; its rows are made up, with a seed of its own.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl import Workbook
from ruamel.yaml import YAML

from benchmarks.suggest.checks import checked
from benchmarks.suggest.tables import NONE, listed, share
from loaders.suggesting.constants import constants
from loaders.suggesting.suggestion import Suggester, Suggestion

HERE = Path(__file__).parent
FIRST, SECOND = "held-out.yaml", "held-out-second.yaml"
ROWS = 40
_EPOCH = date(1899, 12, 30)  # the day 0 of workbooks
_WIDEST = 3  # cells that a merged title spans
_KINDS = ("country", "currency")

Row = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """A table as it was written: its file, the names of its columns, and the row of its header."""

    path: Path
    names: list[str]
    header: int
    first: int | None


def read_tables(file: str = FIRST) -> dict[str, dict[str, Any]]:
    """Read the tables of a set by their names."""
    document: dict[str, dict[str, Any]] = YAML(typ="safe").load((HERE / file).read_text("utf-8"))
    return document


def make_table(name: str, told: Mapping[str, Any], folder: Path) -> Made:
    """Write one table with its columns in another order."""
    chance = random.Random(name)  # rows that are the same each time
    names = list(told["columns"])
    chance.shuffle(names)
    rows = [_row(told, names, number, chance) for number in range(1, ROWS + 1)]
    form = told["form"]
    titles = form.get("titles", [])
    second = form.get("second")
    order = [list(told["columns"]).index(item) for item in names]
    heads = [names, *([[second[place] for place in order]] if second else [])]
    # The name of the file tells nothing: no table is known by what it is called here.
    path = folder / name / f"t.{form['kind']}"
    path.parent.mkdir(exist_ok=True)
    tail = [[text] for text in form.get("footer", [])]
    if "total" in form:
        tail.insert(0, _total(form["total"], names, told, rows))
    cells = [[row[item] for item in names] for row in rows]
    if form["kind"] == "json":
        path.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    elif form["kind"] == "csv":
        _write_csv(path, [*([text] for text in titles), *heads, *cells, *tail], form)
    else:
        _write_workbook(path, titles, [*heads, *cells, *tail])
    header = len(titles) + 1
    return Made(path, names, header, header + 2 if second else None)


def judge_held_out(suggester: Suggester, file: str = FIRST) -> dict[str, dict[str, Any]]:
    """Judge of each table of a set its form and model, and its columns, the model given."""
    with TemporaryDirectory() as scratch:
        return {
            name: judge_table(make_table(name, told, Path(scratch)), told, suggester)
            for name, told in read_tables(file).items()
        }


def summed(judged: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Sum up: how many tables and columns are right."""
    models = [item["model"] == item["wanted"] for item in judged.values()]
    formed = [not item["form"] for item in judged.values()]
    right = [ok for item in judged.values() for ok in item["right"]]
    loaded = sum(item["rows loaded"] for item in judged.values())
    read = sum(item["rows read"] for item in judged.values())
    return {
        "models right": f"{sum(models)} of {len(models)}",
        "forms right": f"{sum(formed)} of {len(formed)}",
        "columns": len(right),
        "columns right": share(right),
        "rows loaded": f"{loaded} of {read}",
    }


def judge_table(made: Made, told: Mapping[str, Any], suggester: Suggester) -> dict[str, Any]:
    """Judge what is suggested of one table; its columns with the right model given."""
    found = suggester.suggest(made.path)
    model = told["told"]["model"]
    given = suggester.of_model(model)
    fields = {_plain(name): spec[0] for name, spec in told["columns"].items()}
    columns = [
        column for column in given.suggest(made.path).columns if _plain(column.name) in fields
    ]
    said = [column.match.field or NONE for column in columns]
    wanted = listed(fields, [_plain(column.name) for column in columns])
    right = [one in several for one, several in zip(said, wanted, strict=True)]
    return {
        "wanted": model,
        "model": found.choice.target.name,
        "confidence": found.choice.confidence,
        "form": _form(found, made, told, suggester),
        "right": right + [False] * (len(fields) - len(columns)),
        "missed": {
            column.name: f"{one}, not {'/'.join(several)}"
            for column, one, several in zip(columns, said, wanted, strict=True)
            if one not in several
        },
        **checked(found, made.path.with_name("proposed.yaml"), suggester),
    }


def _form(
    found: Suggestion, made: Made, told: Mapping[str, Any], suggester: Suggester
) -> list[str]:
    """Tell what was found out wrongly of how a table is written, and of where it is from."""
    gold, form = told["told"], told["form"]
    same = {item.field: item.value for item in constants(found, suggester.cues)}
    read: dict[str, tuple[Any, Any]] = {
        "language": (found.language.tag, gold["language"]),
        **{key: (same.get(key), gold[key]) for key in ("country", "currency")},
    }
    if form["kind"] != "json":
        read["header"] = (found.layout.header, (made.header,))
        read["first"] = (found.layout.first, made.first)
    if form["kind"] == "csv":
        read["delimiter"] = (found.grid.delimiter, form.get("delimiter", ","))
        said = found.grid.encoding.name if found.grid.encoding else None
        wanted = form.get("encoding", "utf-8")
        content = made.path.read_bytes()
        alike = said is not None and content.decode(said) == content.decode(wanted)
        read["encoding"] = (wanted if alike else said, wanted)
    # What a column says needs no constant, and some models have no such field.
    fields = found.choice.target.model.fields
    held = {fields[column.match.field].kind for column in found.columns if column.match.field}
    spared = {kind for kind in _KINDS if kind in held or kind not in fields}
    return [
        f"{key}: {said}, not {wanted}"
        for key, (said, wanted) in read.items()
        if said != wanted and key not in spared
    ]


def _plain(name: str) -> str:
    return " ".join(name.split())


def _row(told: Mapping[str, Any], names: list[str], number: int, chance: random.Random) -> Row:
    """Make up one row: money that agrees, days in their order, texts of the table."""
    total = chance.randrange(2_000_000, 90_000_000) / 100
    eligible = round(total * chance.choice((0.9, 0.95, 1)), 2)
    rate = chance.choice((0.5, 0.8, 0.85))
    eu = round(eligible * rate, 2)
    start = date(2016, 1, 1) + timedelta(chance.randrange(2000))
    end = start + timedelta(chance.randrange(180, 1200))
    amounts = {
        "total": total,
        "eligible": eligible,
        "eu": eu,
        "grant": eu,
        "national": round((eligible - eu) * 0.7, 2),
        "private": round((eligible - eu) * 0.3, 2),
        "executed": round(eu * 0.6, 2),
        "paid": round(eu * chance.choice((0, 0.4, 0.9)), 2),
    }
    days = {"start": start, "end": end, "approval": start - timedelta(40)}
    title = f"{chance.choice(told.get('titles', ['']))} {number}"
    body = chance.choice(told.get("bodies", [""]))
    if told["told"]["model"] == "organisation":
        body = f"{body} {number}"  # a register names each organisation once
    texts = {"bodies": body, "titles": title, "count": number}
    if "texts" in told:
        texts["texts"] = f"{chance.choice(told['texts'])}. {title}."
    row: Row = {}
    for name in names:
        made = told["columns"][name][1]
        if isinstance(made, list):
            row[name] = chance.choice(made)
        elif made in amounts:
            row[name] = _amount(amounts[made], told.get("numbers"))
        elif made in {"rate", "percent"}:
            row[name] = _amount(rate * 100, told.get("numbers")) if made == "percent" else rate
        elif made in days:
            row[name] = _day(days[made], told["dates"])
        elif made in texts:
            row[name] = texts[made]
        else:
            row[name] = "".join(str(chance.randrange(10)) if c == "#" else c for c in made)
    return row


def _amount(value: float, form: list[str] | None) -> Any:  # noqa: ANN401  # a number or a text
    if form is None:
        return value
    group, point, after = form
    written = f"{value:,.2f}" if point else f"{value:,.0f}"
    return written.translate({ord(","): group, ord("."): point}) + after


def _day(day: date, form: str) -> Any:  # noqa: ANN401  # a day, a number or a text
    if form == "cells":
        return day
    return (day - _EPOCH).days if form == "serial" else day.strftime(form)


def _total(word: str, names: list[str], told: Mapping[str, Any], rows: list[Row]) -> list[Any]:
    """Make the row of sums below a table."""
    money = ("total", "eligible", "private", "paid")
    sums: list[Any] = [
        sum(row[name] for row in rows) if told["columns"][name][1] in money else ""
        for name in names
    ]
    return [word, *sums[1:]]


def _write_csv(path: Path, rows: list[list[Any]], form: Mapping[str, Any]) -> None:
    with path.open("w", encoding=form.get("encoding", "utf-8"), newline="") as file:
        csv.writer(file, delimiter=form.get("delimiter", ",")).writerows(rows)


def _write_workbook(path: Path, titles: list[str], rows: list[list[Any]]) -> None:
    """Write a workbook whose titles are merged over the first columns."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101  # a new workbook has one
    for number, line in enumerate(_lines(titles, rows), start=1):
        for place, cell in enumerate(line, start=1):
            sheet.cell(number, place, cell)
        if number <= len(titles):
            sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=_WIDEST)
    book.save(path)


def _lines(titles: list[str], rows: list[list[Any]]) -> Iterator[list[Any]]:
    yield from ([title] for title in titles)
    yield from rows
