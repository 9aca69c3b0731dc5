"""Conversion of money on request: which rates there are, and what is told of those used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Query

from api import models, models_facts
from api.numbers import digits
from graph.dataset import Dataset
from graph.facts import Facts
from graph.facts.aggregates import Asked
from graph.facts.converting import Converted, converted
from graph.facts.dimensions import Values
from graph.identity import Identity
from graph.rates import Exchange, Rate, cents, read_rates
from graph.terms import XSD, Term

Target = Annotated[
    str | None,
    Query(
        alias="in",
        description="ISO 4217 code of a currency: money is converted to it where the release has "
        "a rate for the year of the amount. Originals and rates are told beside it.",
        pattern="^[A-Z]{3}$",
        examples=["EUR"],
    ),
]

ROUNDED = "Converted sums are rounded to the cent after adding; original is what they are made of."
LEFT = "Amounts for whose currency and year there is no rate stay in their own currency."


def exchange_of(dataset: Dataset, target: str | None) -> Exchange | None:
    """Give what converts to a currency by the rates of a release; None where none is asked.

    ParameterError where no rate leads to the currency.
    """
    if target is None:
        return None
    return Exchange(read_rates(dataset.store, dataset.identity), target)


def told(exchange: Exchange | None, identity: Identity) -> models_facts.Conversion | None:
    """Tell by which rates was converted, and what was left."""
    if exchange is None:
        return None
    used = sorted(exchange.used.items(), key=lambda item: (item[0].currency, item[0].since))
    left = sorted(exchange.left.items(), key=lambda item: (item[0][0], item[0][1] or "~"))
    return models_facts.Conversion(
        target=exchange.target,
        rates=tuple(
            models_facts.RateUsed(**dict(rate_model(rate, identity)), amounts=amounts)
            for rate, amounts in used
        ),
        unconverted=tuple(
            models_facts.Unconverted(currency=currency, year=year, amounts=amounts)
            for (currency, year), amounts in left
        ),
    )


def rate_model(rate: Rate, identity: Identity) -> models.Rate:
    """Give a rate as a document."""
    return models.Rate(
        iri=rate.iri,
        currency=rate.currency,
        target=rate.target,
        rate=str(rate.value),
        since=rate.since,
        until=rate.until,
        sources=rate.cited,
        page=identity.path(rate.iri, "page"),
    )


def originals(
    found: Mapping[tuple[str, Rate | None], Decimal],
) -> tuple[models_facts.Original, ...]:
    """Tell what a converted sum is made of."""
    return tuple(
        models_facts.Original(
            currency=currency, sum=str(digits(total)), rate=None if rate is None else rate.iri
        )
        for (currency, rate), total in sorted(
            found.items(), key=lambda item: (item[0][0], item[0][1].since if item[0][1] else "")
        )
    )


def converted_lines(facts: Facts, asked: Asked, exchange: Exchange) -> tuple[list[str], int]:
    """Write the rows of a page as JSON objects, and count all."""
    found = converted(facts, asked, exchange)
    lines = []
    for row in found[asked.offset : asked.offset + asked.limit]:
        line: dict[str, Any] = {}
        for item, key in zip(asked.dimensions, row.keys, strict=True):
            several = item.values is Values.SEVERAL and key is not None
            line[item.name] = str(key).split("; ") if several else key
        line |= _measures(asked, row, exchange)
        line["original"] = [item.model_dump() for item in originals(row.originals)]
        lines.append(json.dumps(line, ensure_ascii=False))
    return lines, len(found)


def converted_rows(facts: Facts, asked: Asked, exchange: Exchange) -> list[tuple[Any, ...]]:
    """Give the rows of a page: keys, measures, and in words what the sum is made of."""
    found = converted(facts, asked, exchange)[asked.offset : asked.offset + asked.limit]
    return [
        (*row.keys, *_measures(asked, row, exchange).values(), _in_words(row.originals))
        for row in found
    ]


def _measures(asked: Asked, row: Converted, exchange: Exchange) -> dict[str, Any]:
    currency = row.keys[[item.name for item in asked.dimensions].index("currency")]
    found = row.rounded(exchange.target, currency)
    return {**found, "sum": None if found["sum"] is None else str(digits(found["sum"]))}


def converted_amount(
    exchange: Exchange | None,
    amount: Term,
    currency: str | None,
    since: str | None,
    identity: Identity,
) -> models.ConvertedAmount | None:
    """Convert one amount by its date or year; None where it stays what it is."""
    if exchange is None or amount.datatype != f"{XSD}decimal":
        return None
    year = None if since is None else since[:4]
    made, target, rate = exchange.convert(Decimal(amount.value), currency, year)
    if made is None or target is None or rate is None:
        return None
    return models.ConvertedAmount(
        amount=str(digits(cents(made))), currency=target, rate=rate_model(rate, identity)
    )


def _in_words(found: Mapping[tuple[str, Rate | None], Decimal]) -> str:
    """Write what a converted sum is made of in one cell."""
    parts = []
    for (currency, rate), total in found.items():
        amount = f"{currency} {digits(total)}"
        if rate is not None:
            period = f"since {rate.since}" if rate.until is None else f"{rate.since}/{rate.until}"
            amount += f" at {rate.value} ({', '.join([period, *rate.cited])})"
        parts.append(amount)
    return "; ".join(sorted(parts))
