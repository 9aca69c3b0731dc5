"""A worker: evaluates one query after another until its socket is closed."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from pathlib import Path

from graph.addresses import check_resolved
from graph.errors import SikgError, StorageError
from graph.formats import Format
from graph.guard import called_endpoints
from graph.results import Limits, Spool
from graph.store import Store
from graph.workers.channel import Channel
from graph.workers.messages import Job, Reply

Evaluate = Callable[[Job, Spool], Format]


def work(channel: Channel, evaluate: Evaluate, *, folder: Path, memory: int) -> None:
    """Answer the jobs of a channel; large results go to unlinked files in `folder`.

    What the process may take beyond what it holds is `memory` bytes: more ends it.
    """
    _limit_memory(memory)
    while (message := channel.receive()) is not None:
        _answer(channel, evaluate, Job.unpacked(message), folder)


def by_store(store: Store) -> Evaluate:
    """Give what evaluates queries on a store."""

    def evaluate(job: Job, spool: Spool) -> Format:
        # A name that was allowed may stand for another address by now.
        for endpoint in called_endpoints(job.query.text):
            check_resolved(endpoint)
        return store.write_answer(job.query, job.wanted.choose, spool)

    return evaluate


def _answer(channel: Channel, evaluate: Evaluate, job: Job, folder: Path) -> None:
    spool = Spool(Limits(job.rows, job.size), folder=str(folder))
    try:
        form = evaluate(job, spool)
        result = spool.finish()
    except SikgError as error:
        channel.send(Reply(error=error).packed())
        return
    except OSError as error:
        told = StorageError(f"the result cannot be kept in {folder}: {error.strerror}")
        channel.send(Reply(error=told).packed())
        return
    if isinstance(result, bytes):
        channel.send(Reply(form.name, spool.size, result, spool.cut).packed())
        return
    with result:
        reply = Reply(form.name, spool.size, None, spool.cut)
        channel.send(reply.packed(), (result.fileno(),))


def _limit_memory(more: int) -> None:
    """Let the process take so many bytes more than it has; an engine that gets none aborts."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    held = _held()
    if more and held is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (held + more, held + more))
    # If the machine itself runs out, let a worker end before anything else.
    try:
        Path("/proc/self/oom_score_adj").write_text("900", encoding="ascii")
    except OSError:
        return


def _held() -> int | None:
    """Give the bytes of data that the process has; None where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[5]
    except OSError:
        return None
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
