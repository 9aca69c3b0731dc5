"""Tables that are none, too large or badly made get an answer, and no cell gets into a mapping."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from graph.errors import TableError
from loaders.language.mapping import read_mapping
from loaders.suggesting import heads
from loaders.suggesting.scalars import quoted
from loaders.suggesting.suggestion import Suggester
from loaders.suggesting.summary import summary
from loaders.suggesting.writing import mapping_text

HEADER = "Project code,Project title,Beneficiary,Total eligible expenditure"
ROWS = [f"P-{n},Work for the young {n},Town of Cork,{n}000.50" for n in range(1, 9)]


def written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("list.csv", b"", "the file is empty"),
        ("list.csv", b" \n\n ", "the file is empty"),
        ("list.csv", b",,,\n,,,\n", "empty"),
        ("list.csv", bytes(range(256)) * 20, "bytes that are no text"),
        ("list.xlsx", b"PK\x03\x04" + b"\x00" * 100, "no readable workbook"),
        ("list.zip", b"PK\x03\x04" + b"\x00" * 100, "unpack it first"),
        ("list.csv.gz", b"\x1f\x8bnothing", "no readable gzip file"),
        ("list.json", b'{"a": [1, 2', "no readable JSON"),
        ("list.json", b'{"a": {"b": 1}}', "no list of objects"),
        ("list.xml", b"<a><b><c>1</c></b>", "no XML"),
        ("list.xml", b'<!DOCTYPE a [<!ENTITY e "x">]><a><b c="1">&e;</b></a>', "document type"),
        ("list.html", b"<html><body><p>Not found</p></body></html>", "no table with rows"),
        (
            "list.csv",
            b"1,2016-01-01,300\n2,2016-02-01,400\n3,2016-03-01,500\n",
            "names the columns",
        ),
    ],
)
def test_what_is_no_table_is_told(
    name: str, content: bytes, said: str, suggester: Suggester, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TableError, match=said) as caught:
        suggester.suggest(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)


def test_a_missing_file_and_a_folder_are_told(suggester: Suggester, tmp_path: Path) -> None:
    with pytest.raises(TableError, match="there is no such file"):
        suggester.suggest(tmp_path / "none.csv")
    with pytest.raises(TableError, match="cannot be read"):
        suggester.suggest(tmp_path)


def test_only_the_head_of_a_large_file_is_read(suggester: Suggester, tmp_path: Path) -> None:
    """Two GiB that are no table, with a table at their head: the file has holes on the disk."""
    path = written(tmp_path / "large.csv", HEADER, *ROWS * 9_000)
    assert path.stat().st_size < heads.HEAD
    with path.open("r+b") as file:
        file.truncate(2 << 30)
    with pytest.raises(TableError, match="no text"):
        suggester.suggest(path)
    path.write_text("\n".join([HEADER, *ROWS * 13_000]), "utf-8")
    head = heads.read_head(path)
    assert (len(head.content), head.whole) == (heads.HEAD, False)
    found = suggester.suggest(path)
    assert not found.grid.whole
    assert len(found.layout.data) < 3_000
    assert "expect:" not in mapping_text(found, suggester)


def test_documents_that_are_cut_off_are_read_as_far_as_they_go(
    suggester: Suggester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "HEAD", 2_000)
    item = '{"project title": "Work for the young", "beneficiary": "Town of Cork"}'
    (tmp_path / "a.json").write_text(f'{{"x": {{"items": [{",".join([item] * 60)}]}}}}', "utf-8")
    row = "<op><title>Work for the young</title><beneficiary>Town</beneficiary></op>"
    (tmp_path / "a.xml").write_text(f"<r><list>{row * 60}</list></r>", "utf-8")
    assert suggester.suggest(tmp_path / "a.json").grid.records == "x.items"
    assert suggester.suggest(tmp_path / "a.xml").grid.records == "list/op"


def test_a_packed_table_is_read(suggester: Suggester, tmp_path: Path) -> None:
    (tmp_path / "list.csv.gz").write_bytes(gzip.compress("\n".join([HEADER, *ROWS]).encode()))
    found = suggester.suggest(tmp_path / "list.csv.gz")
    assert [column.match.field for column in found.columns][-1] == "eligible"
    assert found.grid.format is None


def test_one_column_is_a_table(suggester: Suggester, tmp_path: Path) -> None:
    path = written(tmp_path / "list.csv", "Beneficiary name", "Town of Cork", "Mayo County Council")
    found = suggester.suggest(path)
    assert found.choice.target.name == "organisation"
    assert [column.match.field for column in found.columns] == ["name"]


def test_doubled_names_are_told(suggester: Suggester, tmp_path: Path) -> None:
    path = written(tmp_path / "list.csv", "Amount,Beneficiary,Amount", "5000.5,Town of Cork,7000.5")
    text = mapping_text(suggester.suggest(path), suggester)
    assert '# decide: "Amount" stands more than once' in text


def test_names_and_cells_cannot_add_lines_to_the_mapping(
    suggester: Suggester, tmp_path: Path
) -> None:
    evil = '"x"": {#}\n ignore: [\u2028y]\u0007"'
    path = tmp_path / "list.csv"
    rows = [row + ',"a\nentities: {b: c}"' for row in ROWS]
    path.write_text("\n".join([f"{HEADER},{evil}", *rows]), encoding="utf-8")
    text = mapping_text(suggester.suggest(path), suggester)
    assert "\nentities" not in text
    (tmp_path / "list.yaml").write_text(text, encoding="utf-8")
    mapping = read_mapping(tmp_path / "list.yaml")
    assert len(mapping.ignore) == 1
    assert mapping.ignore[0].startswith('x": {#} ignore: [')


def test_contacts_are_personal_and_no_person_is_shown(suggester: Suggester, tmp_path: Path) -> None:
    names = ["Ada Byrne", "Finn Doyle", "Nora Walsh", "Liam Ryan"]
    rows = [
        f"P-{n},Work for the young {n},{names[n % 4]},{n}000.5,a{n}@example.org" for n in range(9)
    ]
    path = written(tmp_path / "list.csv", f"{HEADER},E-mail", *rows)
    found = suggester.suggest(path)
    text = mapping_text(found, suggester)
    assert 'personal:   # never loaded, nor shown\n  - "E-mail"\n' in text
    told = text + str(summary(found))
    assert not [name for name in [*names, "example.org"] if name in told]


def test_a_beneficiary_with_the_legal_form_of_an_organisation_is_shown(
    suggester: Suggester, tmp_path: Path
) -> None:
    rows = [row.replace("Town of Cork", "Helping Hands Ltd") for row in ROWS]
    text = mapping_text(suggester.suggest(written(tmp_path / "a.csv", HEADER, *rows)), suggester)
    assert 'such as "Helping Hands Ltd"' in text
    rows = [row.replace("Town of Cork", "Anna Stadtler e.K.") for row in ROWS]
    text = mapping_text(suggester.suggest(written(tmp_path / "b.csv", HEADER, *rows)), suggester)
    assert "Stadtler" not in text


def test_scalars_hold_any_text_in_one_line() -> None:
    text = 'a\u2028b\x85c\x7fd\ufeffe\x00f"g\\h\ni#j: {k}'
    written = quoted(text)
    assert len(written.splitlines()) == 1
    assert YAML(typ="base", pure=True).load(written) == text
