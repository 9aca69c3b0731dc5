"""Exchange rates: which one counts for a year, and that those shipped are those of the law."""

from __future__ import annotations

from decimal import Decimal

import pytest

from graph.dataset import Dataset
from graph.errors import ParameterError
from graph.rates import Exchange, Rate, Rates, cents, read_rates

# Council Regulation (EC) No 2866/98 as amended up to Regulation (EU) 2025/1409, article 1, and the
# year from which each holds.
LAW = {
    "BEF": ("40.3399", 1999), "BGN": ("1.95583", 2026), "DEM": ("1.95583", 1999),
    "EEK": ("15.6466", 2011), "GRD": ("340.750", 2001), "ESP": ("166.386", 1999),
    "FRF": ("6.55957", 1999), "HRK": ("7.53450", 2023), "IEP": ("0.787564", 1999),
    "ITL": ("1936.27", 1999), "CYP": ("0.585274", 2008), "LVL": ("0.702804", 2014),
    "LTL": ("3.45280", 2015), "LUF": ("40.3399", 1999), "MTL": ("0.429300", 2008),
    "NLG": ("2.20371", 1999), "ATS": ("13.7603", 1999), "PTE": ("200.482", 1999),
    "SIT": ("239.640", 2007), "SKK": ("30.1260", 2009), "FIM": ("5.94573", 1999),
}  # fmt: skip


def rate(value: str, since: str, until: str | None = None, currency: str = "HUF") -> Rate:
    """Make a rate to the euro."""
    return Rate(f"urn:{value}", currency, "EUR", Decimal(value), since, until)


def test_the_rates_shipped_are_those_of_the_law(dataset: Dataset) -> None:
    found = read_rates(dataset.store, dataset.identity)
    assert {item.currency: item.value for item in found.all} == {
        currency: Decimal(value) for currency, (value, _) in LAW.items()
    }
    for item in found.all:
        assert (item.target, item.since, item.until) == (
            "EUR", f"{LAW[item.currency][1]}-01-01", None,
        )  # fmt: skip
        assert "http://publications.europa.eu/resource/celex/31998R2866" in item.cited
    assert found.targets() == ["EUR"]


@pytest.mark.parametrize(
    ("since", "until", "year", "holds"),
    [
        ("2019", "2019", "2019", True),
        ("2019-01", "2019-12", "2019", True),
        ("2019-01-01", "2019-12-31", "2019", True),
        ("2014", "2020", "2017", True),
        ("2019-02", "2019-12", "2019", False),
        ("2019-01", "2019-11", "2019", False),
        ("2019-01-01", "2019-12-30", "2019", False),
        ("2019", "2019", "2020", False),
        ("2019", None, "2020", False),
    ],
)
def test_a_rate_holds_in_years_that_its_period_has_whole(
    since: str, until: str | None, year: str, *, holds: bool
) -> None:
    assert rate("1", since, until).holds(year) is holds


@pytest.mark.parametrize(
    ("known", "year", "expected"),
    [
        ([rate("320", "2019", "2019")], "2019", "320"),
        ([rate("320", "2019", "2019")], "2020", None),
        ([rate("320", "2019", "2019")], None, None),
        # The shortest period, however the rates are ordered.
        ([rate("300", "2014", "2020"), rate("320", "2019", "2019")], "2019", "320"),
        ([rate("320", "2019", "2019"), rate("300", "2014", "2020")], "2019", "320"),
        ([rate("300", "2019", "2020"), rate("320", "2019", "2019")], "2019", "320"),
        ([rate("300", "2014", "2020"), rate("320", "2019", "2019")], "2018", "300"),
        # Two that disagree are none; two that agree are one.
        ([rate("320", "2019", "2019"), rate("321", "2019", "2019")], "2019", None),
        ([rate("320", "2019", "2019"), rate("320", "2019-01", "2019-12")], "2019", "320"),
        # What is fixed for ever counts for all years, unless one has a rate of its own.
        ([rate("7.5345", "2023-01-01")], "2025", "7.5345"),
        ([rate("7.5345", "2023-01-01")], "2019", "7.5345"),
        ([rate("7.5345", "2023-01-01")], None, "7.5345"),
        ([rate("7.5345", "2023-01-01"), rate("7.41", "2019", "2019")], "2019", "7.41"),
        ([rate("7.5345", "2023-01-01"), rate("7.5", "2022")], "2024", None),
        ([rate("4.3", "2019", "2019", "PLN")], "2019", None),
    ],
)
def test_the_rate_of_a_year_is_found(
    known: list[Rate], year: str | None, expected: str | None
) -> None:
    found = Rates(tuple(known)).find("HUF", "EUR", year)
    assert (None if found is None else str(found.value)) == expected


def test_amounts_are_converted_exactly_and_rounded_once() -> None:
    kroon = rate("15.6466", "2011-01-01", currency="EEK")
    assert cents(kroon.convert(Decimal("15.6466"))) == Decimal("1.00")
    thirds = [rate("3", "2019", "2019").convert(Decimal("0.01")) for _ in range(3)]
    assert cents(sum(thirds, Decimal(0))) == Decimal("0.01")
    assert cents(Decimal("0.005")) == Decimal("0.01")  # halves up
    assert cents(Decimal("12345678901234567890123456789.005")).as_tuple().exponent == -2


def test_an_exchange_tells_what_it_used_and_what_it_left() -> None:
    known = rate("320", "2019", "2019")
    exchange = Exchange(Rates((known,)), "EUR")
    assert exchange.convert(Decimal(640), "HUF", "2019", 2) == (Decimal(2), "EUR", known)
    assert exchange.convert(Decimal(5), "HUF", "2020", 3) == (Decimal(5), "HUF", None)
    assert exchange.convert(Decimal(5), "EUR", None) == (Decimal(5), "EUR", None)
    assert exchange.convert(Decimal(5), None, "2019") == (Decimal(5), None, None)
    assert (exchange.used, exchange.left) == ({known: 2}, {("HUF", "2020"): 3})
    with pytest.raises(ParameterError, match="rates to EUR"):
        Exchange(Rates((known,)), "SEK")
    with pytest.raises(ParameterError, match="no rates"):
        Exchange(Rates(), "EUR")
