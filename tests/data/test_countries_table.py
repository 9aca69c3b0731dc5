import importlib.util
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType

import babel
import pytest

Rows = list[dict[str, str]]

UNION = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
    *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
)


@pytest.fixture(scope="module")
def countries(tables: dict[str, Rows]) -> Rows:
    """Give the rows of the table of countries."""
    return tables["countries"]


@pytest.fixture(scope="module")
def generator(data_folder: Path) -> ModuleType:
    """Load the script that writes the table, which stands in no package."""
    spec = importlib.util.spec_from_file_location(
        "generate_countries", data_folder / "generate_countries.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_codes_are_those_of_the_generator(countries: Rows, generator: ModuleType) -> None:
    """Codes change in the script only, whatever version of Babel is installed."""
    columns = generator.Place._fields
    assert [tuple(row[column] for column in columns) for row in countries] == list(generator.PLACES)


def test_the_file_is_what_the_generator_writes(
    data_folder: Path, countries: Rows, generator: ModuleType
) -> None:
    """The file was generated and not edited by hand."""
    written_with = countries[0]["source_url"].rpartition(" ")[2]
    if written_with != babel.__version__:
        pytest.skip(f"names are of Babel {written_with}, installed is {babel.__version__}")
    assert (data_folder / "countries.csv").read_text(encoding="utf-8") == generator.table()


def test_there_are_27_members(countries: Rows) -> None:
    """Membership is that of the European Union of 2026."""
    assert tuple(row["code"] for row in countries if row["member"] == "yes") == UNION


def test_greece_and_the_united_kingdom_have_codes_of_their_own_in_nuts(countries: Rows) -> None:
    """Elsewhere NUTS uses the ISO code, or we know of no code."""
    other = {r["code"]: r["nuts"] for r in countries if r["nuts"] not in {"", r["code"]}}
    assert other == {"GR": "EL", "GB": "UK"}
    assert {r["code"] for r in countries if not r["nuts"]} == {"BA", "EU", "GE", "INT", "MD", "UA"}


def test_authority_codes_are_alpha_3_but_for_areas(countries: Rows) -> None:
    """The European Union stands in the list of countries as EUR."""
    other = {r["code"]: r["authority"] for r in countries if r["authority"] != r["alpha3"]}
    assert other == {"EU": "EUR"}


def test_every_country_is_named_in_the_24_languages(countries: Rows) -> None:
    """Only the area that CLDR does not know is named in English alone."""
    labels = [column for column in countries[0] if column.startswith("label_")]
    assert len(labels) == 24
    for row in countries:
        missing = [column for column in labels if not row[column]]
        assert len(missing) == (23 if row["code"] == "INT" else 0), row


def test_portuguese_names_are_those_used_in_portugal(countries: Rows) -> None:
    """Plain Portuguese is Brazilian in CLDR."""
    names = {row["code"]: row["label_pt"] for row in countries}
    assert names["CZ"] == "Chéquia"
    assert names["MK"] == "Macedónia do Norte"


@pytest.mark.shared
def test_authority_codes_stand_in_the_published_list(data_folder: Path, countries: Rows) -> None:
    """Links to the authority table lead to entries that exist."""
    folder = data_folder.parents[1] / "shared" / "data" / "published" / "codelists"
    if not folder.is_dir():
        pytest.skip("the published files are not beside this checkout")

    def codes(name: str) -> set[str]:
        cells = ET.parse(folder / name).getroot().iter("Value")  # noqa: S314 # a file at hand
        return {c.findtext("SimpleValue", "") for c in cells if c.get("ColumnRef") == "code"}

    assert {row["authority"] for row in countries if row["alpha3"]} <= codes("country.gc")
    members = {row["authority"] for row in countries if row["member"] == "yes"}
    assert members == codes("country_eu-country.gc")
