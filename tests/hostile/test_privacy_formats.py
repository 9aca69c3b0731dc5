"""Persons planted in every format that is read are in no file of the home, log or message.

What reading a table says of its faults is told per format, and so is where a cell may stand that
nobody expected: each list has the same rows, some of them broken.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from graph.identity import Identity
from graph.release import Releases
from loaders.building.build import Inputs, build
from loaders.language.mapping import read_mapping
from tests.hostile.planting import found_words, home_contents
from tests.loaders.test_readers import ods, xls, xlsx

KEPT = "Verein Blaukehlchenhaus e.V."
PERSONS = ("Dr. Petra Quendelhuber", "Frau Hannelore Blaumeislerin", "Aivars Zvirbulēnskis")
SECRETS = ("quendelhuber", "blaumeislerin", "zvirbulenskis", "wiedehopfner")
COLUMNS = ["id", "title", "name", "start", "contact", "remark"]
CONTACT = "Ottokar Wiedehopfner"
ROWS = [
    ["k1", "Kurs", KEPT, "2021", CONTACT, ""],
    *([f"p{n}", f"Kurs mit {who}", who, "2021", CONTACT, who] for n, who in enumerate(PERSONS)),
    ["p0", "twice", PERSONS[0], "2021", CONTACT, PERSONS[0]],
    ["f1", PERSONS[1], PERSONS[1], f"by {PERSONS[1]}", CONTACT, PERSONS[1]],
    ["", PERSONS[2], PERSONS[2], "2021", CONTACT, PERSONS[2]],
]
MAPPING = """\
name: {name}
title: A list of operations
publisher: Somebody
licence: https://creativecommons.org/licenses/by/4.0/
version: "1"
retrieved: 2026-11-22
rows: {rows}
personal: [contact]
ignore: [remark]
entities:
  project:
    type: project
    class: Project
    key: "{name}-{{id}}"
    unique: true
    properties:
      - {{property: skos:prefLabel, column: title, lang: de}}
      - {{property: startDate, column: start, as: date}}
  beneficiary:
    type: organisation
    class: Organisation
    key: "{name}-{{name|hash}}"
    when: {{column: name}}
    persons: possible
    properties:
      - {{property: skos:prefLabel, column: name, lang: de}}
"""


def _commas(rows: list[list[str]], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([*rows, [*rows[1], PERSONS[0]]])  # a cell more
    return text.getvalue().encode()


def _tabs(rows: list[list[str]]) -> bytes:
    return "\n".join("\t".join(row) for row in [*rows, [*rows[1], PERSONS[0]]]).encode()


def _objects(rows: list[list[str]]) -> list[dict[str, str]]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def _lines(rows: list[list[str]]) -> bytes:
    return "\n".join(map(json.dumps, _objects(rows))).encode()


def _xml(rows: list[list[str]]) -> bytes:
    told = "".join(
        f"<row>{''.join(f'<{name}>{escape(cell)}</{name}>' for name, cell in row.items())}</row>"
        for row in _objects(rows)
    )
    return f"<list><!-- {PERSONS[0]} -->{told}</list>".encode()


def _page(rows: list[list[str]]) -> bytes:
    told = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<html><title>{PERSONS[0]}</title><table>{told}</table></html>".encode()


def _zip(rows: list[list[str]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(f"{PERSONS[0]}.csv", _commas(rows))
    return packed.getvalue()


FORMATS: Mapping[str, tuple[Callable[[list[list[str]]], bytes], str]] = {
    "csv": (_commas, ""),
    "tsv": (_tabs, ""),
    "xlsx": (lambda rows: xlsx([[*row] for row in rows]), ""),
    "xls": (lambda rows: xls([[*row] for row in rows]), ""),
    "ods": (lambda rows: ods([[*row] for row in rows]), ""),
    "json": (lambda rows: json.dumps(_objects(rows)).encode(), ""),
    "ndjson": (_lines, ""),
    "xml": (_xml, ", records: row"),
    "html": (_page, ""),
    "csv.gz": (lambda rows: gzip.compress(_commas(rows)), ""),
    "zip": (_zip, f", member: {PERSONS[0]}.csv, format: csv"),
}


def _planted(folder: Path) -> Inputs:
    mappings = []
    for suffix, (write, more) in FORMATS.items():
        name = suffix.replace(".", "-")
        (folder / f"list.{suffix}").write_bytes(write([COLUMNS, *ROWS]))
        path = folder / f"{name}.yaml"
        rows = f"{{file: list.{suffix}{more}}}"
        path.write_text(MAPPING.format(name=name, rows=rows), encoding="utf-8")
        mappings.append(read_mapping(path))
    return Inputs(mappings, folder, Identity())


def test_persons_of_no_format_reach_a_home_a_log_or_a_report(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    home = tmp_path / "home"
    _, report = build(Releases(home), _planted(tmp_path))
    for source in report.sources:
        hidden = sum(note.count for note in source.notes if note.kind == "persons-hidden")
        assert hidden >= len(PERSONS), source.name
        assert source.rows_loaded >= 1 + len(PERSONS), source.name
        assert len(source.quarantined) >= 2, source.name
    told = capfd.readouterr()
    said = (report.model_dump_json(), told.out, told.err, caplog.text)
    assert not found_words("\n".join(said).encode(), SECRETS)
    kept_in = set()
    for place, content in home_contents(home, [*SECRETS, "blaukehlchenhaus"]):
        assert not found_words(content, SECRETS), place
        if found_words(content, ["blaukehlchenhaus"]):
            kept_in.add(place.removeprefix("releases/000001/").partition("/")[0])
    assert {"store", "search", "dump of 1"} <= kept_in
