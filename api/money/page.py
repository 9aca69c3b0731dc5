"""The pages of money: all that they are filled with, for a flow and for the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from api.addresses import Address
from api.assets import bundle
from api.dependencies import Reader
from api.exchange import told
from api.exploring import FUNDING as OF_MONEY
from api.money.forms import chips_of, form_of
from api.money.names import Naming
from api.money.questions import question
from api.money.rows import filters_of, read_rows, state_of
from api.money.sheets import Drawing, title_of
from api.money.state import MOST_STEPS, NAMES, STEPS, MoneyAsked, sort_filters
from api.money.view import Found, read_money
from api.taking import address_of, credit
from graph.facts.facets import PERIOD, all_facets
from graph.rows import read_receipts
from visualisations.money import bars, sankey, telling
from visualisations.wording import wording

ROWS = 50  # on a page
_MANY = 10_000  # amounts from which the store takes seconds to answer the question behind a flow


@dataclass(frozen=True, slots=True)
class MoneyView:
    """A request for money: what is asked, and which picture of it, in a frame or a file."""

    asked: MoneyAsked
    picture: Drawing

    @property
    def embedded(self) -> Address:
        """Give the address of the picture in a frame."""
        address = self.asked.address("/embed/money")
        more = {} if self.picture == "flow" else {"picture": self.picture}
        return Address(address.path, {**address.state, **more})


def page_of(reader: Reader, view: MoneyView) -> dict[str, Any]:
    """Make all that the page is filled with."""
    asked = view.asked
    words = wording(reader.languages)
    found = read_money(reader.dataset, asked, reader.languages, words)
    address, naming = asked.address(), Naming(reader.dataset, reader.languages, words)
    own = address_of(reader.dataset, "/money", dict(address.state))
    content: dict[str, Any] = {
        "asked": asked,
        "found": found,
        "view": found.view,
        "address": address,
        "rest": Address("/api/v1/flows", {**_of_rest(found, asked), **address.state}),
        "credit": credit(reader.dataset, words, own),
        "own": own,
        "embedded": address_of(reader.dataset, "/embed/money", dict(address.state)),
        "picture": view.picture,
        "frame": view.embedded,
        "form": form_of(reader, asked.filters, None if found.chosen is None else found.chosen.name),
        "chips": chips_of(asked.filters, address, naming, words),
        "cleared": replace(asked, filters={}).address().but(),
        "steps": [(name, NAMES[name]) for name in STEPS],
        "most_steps": MOST_STEPS,
        "notes": telling.notes(words),
        "told": told(found.exchange, reader.identity),
        "telling": telling,
        "words": words,
        "bundle": bundle("money"),
    }
    if found.view is not None:
        content |= {
            "title": title_of(found.view, "flow", words),
            "flow": sankey.draw(found.view, words),
            "summary": telling.summary(found.view, words),
            "years": bars.draw(found.view, words) if found.view.years else None,
            "over_years": telling.over_years(found.view, words),
            "query": None
            if found.chosen is None
            else question(asked, found.chosen.name, reader.identity),
            "long_query": found.view.total.amounts > _MANY,
            "on_map": _on_map(found, asked),
        }
    return content


def _on_map(found: Found, asked: MoneyAsked) -> str | None:
    """Give the address of a map of the same money; None where it has no sum, or another filter."""
    added = found.view is not None and found.view.total.sum is not None
    if found.chosen is None or not added or not asked.filters.keys() <= {*all_facets(), PERIOD}:
        return None
    state = {"kind": OF_MONEY, "money": found.chosen.name, **asked.filters}
    return Address("/where", state).but()


def _of_rest(found: Found, asked: MoneyAsked) -> dict[str, str]:
    """Give what a view shows unless its address says otherwise, for the address of its data."""
    through = {"through": ",".join(asked.through)}
    return through if found.chosen is None else {**through, "money": found.chosen.name}


def rows_page_of(
    reader: Reader, filters: Mapping[str, str], money: str | None, offset: int
) -> dict[str, Any]:
    """Make all that the page of rows is filled with."""
    words = wording(reader.languages)
    dataset, languages = reader.dataset, reader.languages
    kept = filters_of(dataset, filters, money)
    read = read_rows(dataset, kept, languages, words, ROWS, offset)
    state = {**filters, **({"money": money} if money else {})}
    address, naming = Address("/money/rows", state), Naming(dataset, languages, words)
    shown = {**filters, **({} if money is None else sort_filters(money))}
    stated = {row for item in read.rows for row in item.rows}
    receipts = read_receipts(dataset.store, reader.identity, stated)
    presenter = reader.presenter(())
    return {
        "rows": read.rows,
        "total": read.total,
        "first": offset + 1,
        "before": address.but(offset=max(0, offset - ROWS) or None) if offset else None,
        "after": address.but(offset=offset + ROWS) if offset + ROWS < read.total else None,
        "chips": chips_of(shown, address, naming, words),
        "address": address,
        "rest": Address("/api/v1/flows/rows", state),
        "receipts": {iri: presenter.receipt(found) for iri, found in receipts.items()},
        "telling": telling,
        "words": words,
        "state_of": state_of,
        "bundle": bundle("money"),
    }
