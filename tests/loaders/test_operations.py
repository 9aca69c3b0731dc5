"""The published lists of operations load whole: every row, every column, every cent.

What is expected is read here by other means than the loader's, straight from the files.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from graph.identity import Identity
from loaders.building.check import Checked, check_sources, read_sources
from loaders.building.vocabulary import Vocabulary
from loaders.engine import Engine
from loaders.language.places import Cell
from loaders.language.sets import read_sets
from loaders.reading.readers import ROW, read_table
from loaders.statements import write_source

pytestmark = pytest.mark.shared

LAST_OF_THUERINGEN = 2921  # what follows is a footer


@dataclass(frozen=True)
class Money:
    """A column of amounts, and what they are: kind and phase."""

    column: str
    kind: str
    phase: str = "approved"


@dataclass(frozen=True)
class Published:
    """A list as it is published: its records, and which of its columns are sums of money."""

    file: str
    rows: int
    money: tuple[Money, ...]
    currency: str = "EUR"
    header: int = 1
    first: int = 2
    comma: bool = False
    aside: tuple[int, ...] = ()


LISTS = {
    "operations-at": Published(
        "AT_ESF_2014-2020.xlsx",
        245,
        (
            Money(
                "Gesamtbetrag der förderfähigen Ausgaben des Vorhabens / "
                "total eligible expenditure allocated to the operation",
                "eligible",
            ),
        ),
    ),
    "operations-de-berlin": Published(
        "DE-Berlin_ESF_2014-2020.csv",
        336,
        (Money("Gesamtbetrag förderfähiger Ausgaben", "eligible"),),
        comma=True,
    ),
    "operations-de-niedersachsen": Published(
        "DE-Niedersachsen_ESF_2014-2020.xlsx",
        1758,
        (Money("Gesamtbetrag der förderfähigen Ausgaben des Vorhabens in €", "eligible"),),
        header=7,
        first=9,
    ),
    "operations-de-thueringen": Published(
        "DE-Thueringen_ESF_2014-2020.xls",
        2912,
        (Money("Gesamtbetrag der förderfähigen Ausgaben des Vorhabens", "eligible"),),
        header=8,
        first=10,
    ),
    "operations-gb-scotland": Published(
        "GB-Scotland_ESF-ERDF_2014-2020.ods",
        210,
        (
            Money("ESF/ ERDF Grant requested", "eu", "requested"),
            Money("Total eligible expenditure", "eligible"),
        ),
        currency="GBP",
        aside=(181,),
    ),
    "operations-hu": Published(
        "HU_all-funds_2014-2020.json", 2037, (Money("Megítélt összeg", "grant"),), currency="HUF"
    ),
    "operations-ie": Published(
        "IE_ESF_2014-2020.xlsx",
        25,
        (
            Money("Total Public Funding Allocated", "national-public"),
            Money("Total ESF Allocated", "eu"),
            Money("Total YEI Allocated", "eu"),
            Money("Total Eligible Expenditure Allocated", "eligible"),
        ),
        header=2,
        first=3,
    ),
    "operations-lt": Published(
        "LT_all-funds_2014-2020.csv",
        2471,
        (
            Money("Projekto vertė paraiškoje", "total", "requested"),
            Money("Prašomas finansavimas", "grant", "requested"),
            Money("Projekto išlaidų suma", "total"),
            Money("Finansavimas", "grant"),
            Money("Išmokėta finansavimo suma", "grant", "paid"),
        ),
    ),
    "operations-lv": Published(
        "LV_all-funds_2014-2020.xls",
        134,
        (Money("Kopējais finansējums", "total"), Money("ES finansējums", "eu")),
        comma=True,
    ),
    "operations-nl": Published(
        "NL_ESF_2014-2020_AMR-VSO.csv",
        71,
        (
            Money(
                "EUSF subsidie toegekend verlening ESF approved on request Union cofinancing "
                "(max 50%)",
                "eu",
            ),
            Money(
                "Totale subsidiabele kosten bij verlening Total eligible expenditure on request",
                "eligible",
            ),
        ),
        comma=True,
    ),
    "operations-pl": Published(
        "PL_ESF_2014-2020.csv",
        2437,
        (Money("Wartość projektu", "total"), Money("Dofinansowanie z EU", "eu")),
        currency="PLN",
    ),
}
NAMES = list(LISTS)
AMOUNT = re.compile(r'/id/funding/(\S+)> <https://w3id.org/sikg/ontology#amount> "([^"]+)"')
ABOUT = re.compile(
    r"/id/funding/(\S+)> <https://w3id.org/sikg/ontology#"
    r"(fundingKind|fundingPhase|currency)> (?:<[^>]*/([^/>]+)>|\"([A-Z]{3})\")"
)


def cells_of(path: Path) -> list[list[str]]:
    """Read all rows of a file as text, with nothing of the loader."""
    if path.suffix == ".csv":
        polish = path.name.startswith("PL")
        text = path.read_bytes().decode("cp1250" if polish else "utf-8")
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if polish else ","))
    if path.suffix == ".json":
        items = json.loads(path.read_text(encoding="utf-8"))
        names = list(dict.fromkeys(name for item in items for name in item))
        return [names, *([item.get(name, "") for name in names] for item in items)]
    if path.name.startswith("LV"):
        rows = re.findall(r"<tr>(.*?)</tr>", path.read_text(encoding="utf-8"), re.DOTALL)
        found = (re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in rows)
        return [[unescape(cell) for cell in row] for row in found]
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    return [[str(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


def records_of(folder: Path, published: Published) -> dict[int, dict[str, str]]:
    """Give the rows below the header that hold money, by their numbers in the file."""
    rows = cells_of(folder / published.file)
    names = [" ".join(name.split()) for name in rows[published.header - 1]]
    filled = {
        number: dict(zip(names, row, strict=False))
        for number, row in enumerate(rows, start=1)
        if number >= published.first and any(cell.strip() for cell in row)
    }
    sums = [money.column for money in published.money]
    return {number: row for number, row in filled.items() if any(row[name] for name in sums)}


def in_cents(text: str, *, comma: bool) -> Decimal | None:
    """Read an amount by dropping what is no digit, sign or decimal mark."""
    if comma:
        text = text.replace(".", "").replace(",", ".")
    digits = re.sub(r"[^0-9.-]", "", re.sub(r"\.- HUF$", "", text))
    return Decimal(digits) if digits else None


@pytest.fixture(scope="module")
def lists(shared_folder: Path) -> Path:
    """Give the folder of the lists."""
    return shared_folder / "data" / "published" / "operations"


@pytest.fixture(scope="module")
def checked(lists: Path, data_folder: Path) -> Mapping[str, Checked]:
    """Read and check all lists together with the tables of the project."""
    folders = [data_folder, lists]
    sources = read_sources(read_sets([Path("default"), Path("operations")], folders), data_folder)
    check_sources(sources, Identity(), Vocabulary.read(Identity()).concepts)
    return {source.mapping.name: source for source in sources}


@pytest.fixture(scope="module")
def written(
    checked: Mapping[str, Checked], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, str]:
    """Write the statements of each list, as a build loads them into the store."""
    folder = tmp_path_factory.mktemp("statements")
    texts: dict[str, str] = {}
    for name in NAMES:
        source = checked[name]
        engine = Engine(source.mapping, Identity())
        files = write_source(engine, source.table, source.good, folder)
        texts[name] = files.merged[0].read_text(encoding="utf-8")
    return texts


def test_every_published_list_has_a_mapping(lists: Path) -> None:
    assert {published.file for published in LISTS.values()} == {
        path.name for path in lists.iterdir()
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_row_is_loaded_or_set_aside_with_a_reason(
    checked: Mapping[str, Checked], lists: Path, name: str
) -> None:
    source, published = checked[name], LISTS[name]
    expected = records_of(lists, published)
    assert len(expected) == published.rows
    shift = 1 if published.file.endswith(".json") else 0  # its records have no header above them
    numbers = {number - shift for number in expected}
    aside = {item.row for item in source.problems}
    assert aside == set(published.aside)
    assert set(source.good[ROW].to_list()) | aside == numbers
    assert source.table.rows_read == len(numbers)
    assert all(item.reason and item.column for item in source.problems)


@pytest.mark.parametrize("name", NAMES)
def test_every_column_is_mapped_or_ignored_by_its_name(
    checked: Mapping[str, Checked], lists: Path, name: str
) -> None:
    source, published = checked[name], LISTS[name]
    rows = cells_of(lists / published.file)
    names = {" ".join(cell.split()) for cell in rows[published.header - 1]}
    carried = {rule.carry for rule in source.mapping.rows.skip if rule.carry}
    carried |= set(source.mapping.rows.cells or ())
    assert source.unmapped == []
    assert names | carried == source.mapping.columns() | set(source.mapping.ignore)


@pytest.mark.parametrize("name", NAMES)
def test_every_sum_of_the_file_is_the_sum_of_the_graph_to_the_cent(
    written: Mapping[str, str], lists: Path, name: str
) -> None:
    published = LISTS[name]
    expected: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    amounts = 0
    for number, row in records_of(lists, published).items():
        for money in () if number in published.aside else published.money:
            amount = in_cents(row[money.column], comma=published.comma)
            if amount is not None:
                amounts += 1
                expected[money.kind, money.phase, published.currency] += amount
    about: dict[str, dict[str, str]] = defaultdict(dict)
    for key, term, concept, code in ABOUT.findall(written[name]):
        about[key][term] = concept or code
    found: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    stated = AMOUNT.findall(written[name])
    for key, amount in stated:
        facts = about[key]
        found[facts["fundingKind"], facts["fundingPhase"], facts["currency"]] += Decimal(amount)
    assert dict(found) == dict(expected)
    assert len(stated) == len({key for key, _ in stated}) == amounts


@pytest.mark.parametrize("name", NAMES)
def test_every_filled_cell_makes_a_statement_or_is_noted(
    checked: Mapping[str, Checked], name: str
) -> None:
    """Names of beneficiaries apart, of which persons are hidden."""
    source = checked[name]
    entities = {key: item for key, item in source.mapping.entities.items() if key != "beneficiary"}
    told: dict[str, set[int]] = defaultdict(set)
    empty: dict[str, set[str]] = defaultdict(lambda: {""})
    for key, entity in entities.items():
        for item in entity.properties:
            if item.column is None or item.entity is not None:
                continue
            empty[item.column] |= set(item.empty or ())
            alone = entity.model_copy(update={"properties": (item,)})
            only = source.mapping.model_copy(update={"entities": {key: alone}})
            *_, strand = Engine(only, Identity()).strands(source.good)
            assert strand.omitted or strand.faults.is_empty()
            told[item.column] |= {*strand.frame[ROW], *strand.faults[ROW]}
            if item.when is not None:  # a property of some rows speaks of all
                told[item.column] |= set(source.good[ROW])
    # What is made of cells speaks of some of them alone; the cells themselves stay columns.
    cells_made = (source.mapping.rows.cells or {}).items()
    made = {name for name, cell in cells_made if cell != Cell(path=name)}
    for column, rows in told.items():
        if column in made:
            continue
        cells = source.good.select(ROW, cell=source.good[column].str.strip_chars())
        filled = {row for row, cell in cells.iter_rows() if cell not in empty[column]}
        assert filled == rows & filled, column
    noted = Counter({note.column: note.count for note in source.left_out})
    assert noted == LEFT_OUT.get(name, Counter())


LEFT_OUT = {
    # 01/0817; and the 31st of April, June and September.
    "operations-gb-scotland": Counter({"Start date": 1, "End date": 3}),
    # From 102 % to 5087 %.
    "operations-hu": Counter({"Támogatás aránya": 11}),
}


def test_the_places_of_an_irish_operation_stand_with_it(
    checked: Mapping[str, Checked], written: Mapping[str, str], lists: Path
) -> None:
    rows = cells_of(lists / LISTS["operations-ie"].file)[2:]
    expected = {" ".join(row[10].split()) for row in rows} - {""}
    said = re.findall(r'ontology#place> "((?:[^"\\]|\\.)*)"@en', written["operations-ie"])
    assert {" ".join(json.loads(f'"{text}"').split()) for text in said} == expected
    mapping = checked["operations-ie"].mapping
    table = read_table(Path(mapping.rows.file), mapping.rows)  # before persons are hidden
    priorities = table.frame["Priority"]
    assert priorities.value_counts().sort("Priority")["count"].to_list() == [5, 9, 3, 7, 1]


def test_what_is_no_operation_is_noted(checked: Mapping[str, Checked]) -> None:
    def notes(name: str) -> Sequence[tuple[str, int | None, int]]:
        kinds = {"row-skipped", "row-continued", "characters-misread"}
        found = checked[name].notes
        return [(note.kind, note.row, note.count) for note in found if note.kind in kinds]

    assert notes("operations-de-thueringen") == [("row-skipped", LAST_OF_THUERINGEN + 2, 6)]
    assert notes("operations-ie") == [("row-skipped", 3, 5), ("row-continued", 5, 565)]
    assert notes("operations-nl") == [("characters-misread", 2, 49)]


def test_nothing_of_a_footer_is_told(checked: Mapping[str, Checked]) -> None:
    report = checked["operations-de-thueringen"].report().model_dump_json()
    assert "Erstellt von" not in report
    assert "footer" in report
