"""Summaries: a suggestion as a document for machines."""

from __future__ import annotations

from typing import Any

from loaders.suggesting.suggestion import Suggestion


def summary(found: Suggestion) -> dict[str, Any]:
    """Give what was found out about a table and its columns; no cells but the names of columns."""
    encoding = found.grid.encoding
    return {
        "file": found.grid.path.name,
        "format": found.grid.format or found.grid.path.suffix.lstrip("."),
        "encoding": encoding.name if encoding else None,
        "delimiter": found.grid.delimiter,
        "sheet": found.grid.sheet,
        "records": found.grid.records,
        "header": list(found.layout.header),
        "first": found.layout.first,
        "model": {
            "name": found.choice.target.name,
            "confidence": found.choice.confidence,
            "others": dict(found.choice.others),
        },
        "language": {"tag": found.language.tag, "confidence": round(found.language.confidence, 2)},
        "columns": [
            {
                "column": column.name,
                "field": column.match.field,
                "confidence": column.match.confidence,
                "others": dict(column.match.others),
                "ignored_as": column.match.reason,
                "numbers": list(column.profile.amounts.examples) if column.sort else [],
                "dates": list(column.profile.days.orders) if column.sort == "date" else [],
            }
            for column in found.columns
        ],
    }
