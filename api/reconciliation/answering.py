"""Answering a batch: some names at a time, so that others are answered in between."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from fastapi import Request

from api.dependencies import Reader, Service
from api.errors import GoneError
from api.reconciliation.reading import Sent
from api.reconciliation.writing import result_batch
from graph.errors import TimeLimitError
from graph.reconciling.matching import Candidate, reconcile

_AT_ONCE = 20  # names that are looked for in one go: a few hundredths of a second


async def candidates(
    service: Service, request: Request, reader: Reader, sent: Sequence[Sent]
) -> list[list[Candidate]]:
    """Give the candidates of each query of a batch.

    TimeLimitError when they take longer than a query may, GoneError when the client has gone.
    """
    end = time.monotonic() + service.settings.query_seconds
    found: list[list[Candidate]] = []
    for first in range(0, len(sent), _AT_ONCE):
        if time.monotonic() > end:
            raise TimeLimitError(
                f"{first} of {len(sent)} names took {service.settings.query_seconds:g} seconds: "
                "send fewer at once"
            )
        if first and await request.is_disconnected():
            raise GoneError("the client has gone")
        some = sent[first : first + _AT_ONCE]
        found += await service.answers.run(partial(_some, reader, some))
    return found


async def answer(
    service: Service, request: Request, reader: Reader, sent: Sequence[Sent]
) -> dict[str, Any]:
    """Answer a batch as a document; errors are those of `candidates`."""
    found = await candidates(service, request, reader, sent)
    return await service.answers.run(partial(result_batch, reader, sent, found))


def _some(reader: Reader, sent: Sequence[Sent]) -> list[list[Candidate]]:
    asked = [one.query for one in sent if one.query is not None]
    made = iter(reconcile(reader.dataset, asked))
    return [[] if one.query is None else next(made) for one in sent]
