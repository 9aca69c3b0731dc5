"""Queries by the second engine, where it is there: this module and `graph.second` can go."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

from graph.errors import EngineError
from graph.formats import Format
from graph.results import Spool
from graph.workers.messages import Job
from graph.workers.worker import Evaluate

_GATHERING = re.compile(r"\b(?:avg|count|distinct|filter|group|max|min|order|sum)\b", re.IGNORECASE)


def may_be_long(job: Job) -> bool:
    """Tell whether a query goes through much for a short answer: the store streams the others."""
    return _GATHERING.search(job.query.text) is not None


def second_folder(store: Path) -> Path | None:
    """Give the folder of the second engine beside a store; None where it cannot be used."""
    folder = store.parent / "second"
    return folder if folder.is_dir() and find_spec("graph.second") is not None else None


def by_second(folder: Path) -> Evaluate:
    """Give what evaluates queries by the second engine; EngineError for those that it leaves."""
    # Here and not above: it starts threads, which no process may have that forks others.
    from graph.second.algebra import UnsuitedError  # noqa: PLC0415
    from graph.second.engine import Second  # noqa: PLC0415  # as above

    second = Second.open(folder)

    def evaluate(job: Job, spool: Spool) -> Format:
        try:
            return second.write_answer(job.query, job.wanted.choose, spool)
        except UnsuitedError as error:
            raise EngineError(str(error)) from error

    return evaluate
