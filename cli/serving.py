"""What the processes of one server are given before they start."""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

_FOLDER = "SIKG_METRICS_FOLDER"


def allow_connections() -> None:
    """Let this process and those it starts open as many files as the system allows at all."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@contextmanager
def metrics_folder() -> Iterator[None]:
    """Give the processes a folder in which they add up their metrics, unless one is set."""
    if _FOLDER in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="sikg-metrics-") as folder:
        os.environ[_FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[_FOLDER]
