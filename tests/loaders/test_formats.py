"""A format reads what is written in it exactly, and nothing else."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.language.dates import DateFormat
from loaders.language.formats import NumberFormat, agreed, scaled
from loaders.language.properties import Property
from loaders.transforms import number, term

MARKS = [
    ("1.234,56", ".", ","),
    ("1,234.56", ",", "."),
    ("1 234,56 Kč", "\u00a0", ","),
    ("CHF 1'234.56", "\u2019", "."),
    ("1234,56", "", ","),
]


def read(example: str, cell: str) -> str | None:
    """Read a cell in a format."""
    frame = pl.DataFrame({"cell": [cell]})
    plain = frame.select(NumberFormat.parse(example).plain(pl.col("cell"))).item()
    assert (plain is not None) == NumberFormat.parse(example).matches(cell)
    return plain if plain is None else f"{Decimal(plain).normalize():f}"


def day(form: str, cell: str) -> str | None:
    """Read a date in a format."""
    found = pl.DataFrame({"cell": [cell]}).select(DateFormat.parse(form).iso(pl.col("cell"))).item()
    assert found is None or DateFormat.parse(form).matches(cell)
    return None if found is None else str(found)


@pytest.mark.parametrize(
    ("example", "cell", "expected"),
    [
        ("1.234,56 €", "91.100,16 €", "91100.16"),
        ("1.234,56 €", " 1.434.173,63€ ", "1434173.63"),
        ("1.234,56 €", "91100,16", "91100.16"),
        ("1.234,56 €", "1.234", "1234"),
        ("1.234,56 €", "5,5", "5.5"),
        ("1.234,56 €", "\u22123,00 €", "-3"),
        ("€ 1.234", "€ 9.000.000", "9000000"),
        ("€ 1.234", "€ -5", "-5"),
        ("£ 1,234.56", "-£ 12,500.00", "-12500"),
        ("1 234 .- HUF", "149 736 100 .- HUF", "149736100"),
        ("1 234 .- HUF", "14\u00a0832\u202f500.-HUF", "14832500"),
        ("1'234.56", "1\u2019234.50", "1234.5"),
        ("1234,56 %", "49,92%", "0.4992"),
        ("1234,56 %", "0,5 %", "0.005"),
        ("1234 %", "100 %", "1"),
        ("1234.56", "0.333333333333333", "0.333333333333333"),
        ("1.234,567", "1,234", "1.234"),
        ("1.23456E3", "4.729375062E7", "47293750.62"),
        ("1.23456E3", "-1e-3", "-0.001"),
        ("1.23456E3", "12.5", "12.5"),
    ],
)
def test_a_cell_in_the_format_is_read(example: str, cell: str, expected: str) -> None:
    assert read(example, cell) == expected


@pytest.mark.parametrize(
    ("example", "cell"),
    [
        ("1.234,56 €", "1,234.56"),
        ("1.234,56 €", "1.23,4"),
        ("1.234,56 €", "12.34"),
        ("1.234,56 €", "1,234"),  # may be thousands
        ("1234,56", "1,234"),
        ("1.234,56 €", "5 $"),
        ("1.234,56 €", "€ €"),
        ("1.234,56 €", "--5"),
        ("1.234,56 €", "- € -5"),
        ("1,234.56", "12,681,882,27"),
        ("1,234.56", "1,234,56"),
        ("€ 1.234", "9,5"),
        ("1234.56", "1 234.56"),
        ("1234.56", "1e3"),
        ("1.23456E3", "1e100"),
        ("1.23456E3", "E7"),
        ("1234.56", ""),
    ],
)
def test_a_cell_in_no_or_another_format_is_not(example: str, cell: str) -> None:
    assert read(example, cell) is None


@given(
    st.sampled_from(MARKS),
    st.decimals(-(10**12), 10**12, places=2, allow_nan=False),
    st.booleans(),
)
def test_every_amount_comes_back_from_every_format(
    marks: tuple[str, str, str],
    amount: Decimal,
    grouped: bool,  # noqa: FBT001  # drawn
) -> None:
    example, group, decimal = marks
    written = f"{abs(amount):,.2f}" if grouped and group else f"{abs(amount):.2f}"
    written = written.replace(",", "G").replace(".", "D").replace("G", group).replace("D", decimal)
    plain = read(example, f"-{written}" if amount < 0 else written)
    assert plain is not None
    assert Decimal(plain) == amount


@pytest.mark.parametrize(
    ("example", "cause"),
    [
        ("12,5", "write the number 1234 or 1234.56"),
        ("1.234.567", "one mark cannot part both"),
        ("euro", "write the number"),
        ("1.234.56", "one mark cannot part both"),
        ("(1234)", "in brackets may be negative"),
    ],
)
def test_an_example_of_another_number_is_refused(example: str, cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        NumberFormat.parse(example)


@given(st.decimals(-(10**9), 10**9, places=3, allow_nan=False), st.integers(-6, 6))
def test_scaling_moves_the_point_exactly(amount: Decimal, power: int) -> None:
    frame = pl.DataFrame({"cell": [f"{amount:f}"]})
    assert Decimal(frame.select(scaled(pl.col("cell"), power)).item()) == amount.scaleb(power)


def test_a_cell_that_two_formats_read_differently_is_in_none() -> None:
    cells = pl.DataFrame({"cell": ["1.234,56", "1,234.56", "1234", "123.456", "12.5"]})
    read_ = cells.select(number(pl.col("cell"), ["1.234,56", "1,234.56"]))
    assert read_.to_series().to_list() == ["1234.56", "1234.56", "1234", "123456", "12.5"]
    mixed = cells.select(number(pl.col("cell"), ["1234.56", "1.234,56"]))
    assert mixed.to_series().to_list() == ["1234.56", None, "1234", None, "12.5"]


@pytest.mark.parametrize(
    ("form", "cell", "expected"),
    [
        ("DD.MM.YYYY", "04.04.2016", "2016-04-04"),
        ("DD.MM.YYYY", " 4. 4. 2016 ", "2016-04-04"),
        ("DD.MM.YYYY", "31.12.16", None),
        ("DD/MM/YY", "02/5/16 ", "2016-05-02"),
        ("DD/MM/YY", "31/12/2018", None),
        ("DD/MM/YY", "1/4/75", "1975-04-01"),
        ("YYYY.MM.DD.", "2016.01.02.", "2016-01-02"),
        ("YYYY.MM.DD.", "2016.01.02", None),
        ("YYYYMMDD", "20160404", "2016-04-04"),
        ("YYYYMMDD", "2016044", None),
        ("MM/YYYY", "3/2016", "2016-03"),
        ("MM/YYYY", "13/2016", None),
        ("DD.MM.YYYY", "31.4.2016", None),
        ("YYYY", "2016", "2016"),
        ("DD.MM.YYYY", "04/04/2016", None),
        ("DD MONTH YYYY", "12 March 2021", "2021-03-12"),
        ("DD MONTH YYYY", "12 MÄRTS 2021", "2021-03-12"),
        ("DD MONTH YYYY", "31 April 2021", None),
        ("DD MONTH YYYY", "12 Murch 2021", None),
        ("DD MONTH YYYY", "5 май 2020", "2020-05-05"),
        ("DD de MONTH de YYYY", "3 de marzo de 2021", "2021-03-03"),
        ("YYYY. gada DD. MONTH", "2021. gada 5. marts", "2021-03-05"),
        ("MONTH YYYY", "Sept. 2020", "2020-09"),
        ("DD-MONTH-YY", "05-Dec-19", "2019-12-05"),
        ("DD MONTH YYYY", "5 listopad 2020", None),
        ("DD MONTH-pl YYYY", "5 listopada 2020", "2020-11-05"),
        ("DD. MONTH-cs YYYY", "5. listopad 2020", "2020-11-05"),
        ("DD. MONTH-hr YYYY", "5. listopad 2020", "2020-10-05"),
    ],
)
def test_a_date_is_read_in_its_order(form: str, cell: str, expected: str | None) -> None:
    assert day(form, cell) == expected


@pytest.mark.parametrize(
    "form",
    [
        "DD.MM",
        "DD YYYY",
        "DD.MM.YYYY YY",
        "D.M.YYYY",
        "YYYY-Www",
        "",
        "DD MONTH",
        "DD MM MONTH YYYY",
        "DD MONTH yyyy YYYY",
        "DD MONTH-xx YYYY",
    ],
)
def test_what_is_no_order_of_a_date_is_refused(form: str) -> None:
    told = r"is no order of a date|can stand in a date|months are known in"
    with pytest.raises(ValueError, match=told):
        DateFormat.parse(form)


def test_dates_in_four_orders_stand_in_one_column_and_doubtful_ones_are_refused() -> None:
    item = Property.model_validate(
        {
            "property": "startDate",
            "column": "cell",
            "as": "date",
            "dates": ["DD.MM.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "YYYYMMDD"],
        }
    )
    cells = ["30.04.2016", "30/04/2016", "04/30/2016", "20160430", "2016-04-30", "2016-04", "2016"]
    doubtful = ["03/04/2016", "31/04/2016", "31.04.2016", "2016-02-30", "later"]
    frame = pl.DataFrame({"cell": cells + doubtful + ["04/04/2016"]})
    made = frame.select(term(pl.col("cell"), item, None)).to_series().to_list()
    expected = ["2016-04-30"] * 5 + ["2016-04", "2016"]
    assert [item_ and item_.split('"')[1] for item_ in made] == [
        *expected,
        *[None] * len(doubtful),
        "2016-04-04",
    ]


def test_readings_agree_where_one_or_more_say_the_same() -> None:
    frame = pl.DataFrame({"a": ["1", None, "1", None], "b": ["1", "2", "2", None]})
    assert frame.select(agreed([pl.col("a"), pl.col("b")])).to_series().to_list() == [
        "1",
        "2",
        None,
        None,
    ]
