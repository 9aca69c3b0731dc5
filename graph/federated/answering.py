"""Answers to federated queries: from the other graph if it may be asked, else a recording."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from graph.endpoint import Endpoint, Limits
from graph.engine import Engine, Query
from graph.errors import EndpointError, ForbiddenError
from graph.federated.examples import Example, Recording
from graph.terms import Solutions

_LIMITS = Limits(timeout=8.0, retries=0, max_bytes=4_000_000)  # a reader waits for it


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to an example, what the other graph's part of it is from, and why from there."""

    solutions: Solutions
    recording: Recording
    asked: bool
    why: str = ""


def answer(example: Example, ours: Engine, home: Path, allowed: Collection[str]) -> Answered:
    """Answer an example; the endpoint is asked if it is among those that the operator allows."""
    recording, asked = example.recording(home), False
    why = "this node does not ask that endpoint (setting service_allow)"
    if example.endpoint in allowed:
        try:
            found = ask_endpoint(example, ours)
        except (EndpointError, ForbiddenError) as error:
            why = str(error)
        else:
            today = datetime.now(UTC).date()
            recording, asked, why = Recording(today, example.endpoint, found), True, ""
    return Answered(ours.select(Query(example.with_recording(recording))), recording, asked, why)


def ask_endpoint(example: Example, ours: Engine, limits: Limits = _LIMITS) -> Solutions:
    """Ask the endpoint its part; EndpointError, with cause, if it does not answer."""
    host = urlsplit(example.endpoint).hostname or ""
    endpoint = Endpoint(example.endpoint, allow=(host,), limits=limits)
    return endpoint.select(example.asked_of_endpoint(ours))
