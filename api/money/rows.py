"""The rows behind a sum of money: amounts with what they are of, and with their receipts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from api.money.names import Naming
from api.money.state import DIMENSIONS, FUNDING, plain, sort_filters
from graph.dataset import Dataset
from graph.facts.behind import Amount, behind
from graph.facts.cubes import MONEY
from graph.labels import Label
from graph.stating import rows_stating
from ontology import Property
from visualisations.wording import Wording

# What a table for spreadsheets has of each row, beside the amount: key and name of each of these.
COLUMNS = tuple(name for name in DIMENSIONS if name not in MONEY)


State = Literal["yes", "open", "disputed", "missing"]


@dataclass(frozen=True, slots=True)
class Named:
    """Something that a row is of: its key, its label, and its page where it has one."""

    key: str
    label: Label
    page: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """An amount, or something without any, with names by dimension; `rows` state the amount."""

    amount: Amount
    page: str | None
    named: Mapping[str, tuple[Named, ...]]
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows, and how many there are."""

    rows: tuple[Row, ...]
    total: int


def filters_of(dataset: Dataset, filters: Mapping[str, str], money: str | None) -> dict[str, str]:
    """Give the filters by dimension of what an address asks; ParameterError as for these."""
    return plain(dataset.facts, filters) | ({} if money is None else sort_filters(money))


def read_rows(
    dataset: Dataset,
    filters: Mapping[str, str],
    languages: Sequence[str],
    words: Wording,
    limit: int,
    offset: int = 0,
) -> Rows:
    """Read the rows that some filters by dimension find, the largest amounts first."""
    found, total = behind(dataset.facts, filters, limit, offset)
    naming = Naming(dataset, languages, words)
    named = {name: _named(name, found, naming) for name in DIMENSIONS}
    stated = rows_stating(
        dataset.store, Property.AMOUNT, (item.iri for item in found if not item.missing)
    )
    return Rows(
        tuple(
            Row(
                item,
                dataset.identity.path(item.iri, "page"),
                {name: tuple(named[name][key] for key in item.keys[name]) for name in DIMENSIONS},
                stated.get(item.iri, ()),
            )
            for item in found
        ),
        total,
    )


def _named(name: str, found: Iterable[Amount], naming: Naming) -> dict[str, Named]:
    item = FUNDING.dimension(name)
    labels = naming.of(item, (key for amount in found for key in amount.keys[name]))
    return {key: Named(key, label, naming.page(item, key)) for key, label in labels.items()}


def heads() -> tuple[str, ...]:
    """Give the heads of the table for spreadsheets."""
    told = [part for name in COLUMNS for part in (name, f"{name}-label")]
    return ("amount", "currency", "kind", "phase", "added", *told, "funding", "rows")


def lines(rows: Iterable[Row]) -> Iterable[tuple[object, ...]]:
    """Write rows for spreadsheets: exact amounts, keys, names, and the addresses of receipts.

    `added` is yes for what is in sums, disputed where sources disagree, missing where there is no
    amount, and open where kind, phase or currency is.
    """
    for row in rows:
        told = [
            cell
            for name in COLUMNS
            for cell in (
                "; ".join(row.amount.keys[name]),
                "; ".join(one.label.text for one in row.named[name]),
            )
        ]
        yield (
            _number(row.amount.value),
            *("; ".join(row.amount.keys[name]) for name in ("currency", "kind", "phase")),
            state_of(row.amount),
            *told,
            row.amount.iri,
            " ".join(row.rows),
        )


def state_of(amount: Amount) -> State:
    """Say whether an amount is in sums, and why not."""
    if amount.missing:
        return "missing"
    if amount.disputed:
        return "disputed"
    return "yes" if amount.adds else "open"


def _number(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.normalize() + 0
