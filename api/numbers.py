"""What the operations on facts share: what numbers are of, filters, and how they are written."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import BaseModel

from api import models_facts as models
from api.negotiation import choose
from graph.dataset import Dataset
from graph.errors import NotFoundError
from graph.facts.dimensions import Table
from graph.formats import Format

JSON = Format("json", "application/json", "json")
CSV = Format("csv", "text/csv", "csv")
_EDITED = "These numbers are of the build before the edits that the release asked for has."

# What begins a formula in one spreadsheet or another; the last are full-width forms.
_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")

FormatName = Annotated[
    str | None, Query(alias="format", description="json or csv, before the header Accept.")
]


def facts_of(dataset: Dataset) -> models.FactsOf:
    """Tell what the facts of a release are of; NotFoundError where it has none."""
    made = dataset.facts.made()
    if made is None:
        raise NotFoundError("this release has no fact tables: build it again to get them")
    digest = dataset.release.manifest.digest
    return models.FactsOf(
        release=made.release, asked=dataset.release.number, exact=made.digest == digest
    )


def notes(of: models.FactsOf, told: Sequence[str]) -> tuple[str, ...]:
    """Give the notes of an answer, first of all whether it is of an earlier state."""
    return tuple(told) if of.exact else (_EDITED, *told)


def chosen_filters(request: Request, known: Iterable[str]) -> dict[str, str]:
    """Give the filters of a request; an empty one counts as not given."""
    given = request.query_params
    return {name: given[name] for name in known if given.get(name)}


def chosen_format(request: Request, name: str | None) -> Format:
    """Choose between JSON and CSV; NotAcceptableError if the client takes neither."""
    return choose((JSON, CSV), request.headers.get("accept", ""), name=name)


def filter_parameters(table: Table) -> list[dict[str, Any]]:
    """Document the dimensions of a table as filters."""
    several = "Several are divided by commas; unknown finds what has none."
    return [
        {
            "name": item.name,
            "in": "query",
            "description": f"Only these: {item.description} {several}",
            "schema": {"type": "string"},
        }
        for item in table.dimensions
    ]


def documented(model: type[BaseModel], description: str) -> dict[int | str, dict[str, Any]]:
    """Document an answer that is JSON of a model, or CSV."""
    return {
        200: {
            "model": model,
            "description": description,
            "content": {CSV.media_type: {"schema": {"type": "string"}}},
        }
    }


def reply(body: bytes, form: Format) -> Response:
    """Answer with bytes that are written already."""
    return Response(body, media_type=form.content_type, headers={"Vary": "Accept"})


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Write rows for spreadsheets; None becomes an empty cell, and no text a formula."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return file.getvalue().encode()


def harmless(cell: object) -> object:
    """Put an apostrophe before text that a spreadsheet would take for a formula.

    Numbers stay, negative ones too. The first characters are those that OWASP names for CSV
    injection; blanks before them are passed over, as spreadsheets do.
    """
    if not isinstance(cell, str) or cell.lstrip(" ")[:1] not in _FORMULA or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"


def digits(value: object) -> object:
    """Write an exact number without the zeros that end it; other values stay."""
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text else value
