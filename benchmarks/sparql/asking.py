"""Ask a server one query at a time over one connection, and compare what servers answer."""

from __future__ import annotations

import csv
import http.client
import io
import json
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from benchmarks.sparql.servers import Server
from benchmarks.sparql.workloads import Workload

TIMEOUT = 120.0
_PIECE = 1 << 20
_NUMBERS = ("integer", "decimal", "double", "float", "int", "long")


class AskError(Exception):
    """A server gave no answer, or one that is none; tells why in a few words."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer and the seconds until it was there."""

    seconds: float
    body: bytes


class Client:
    """One kept connection to a server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def query(self, text: str, accept: str) -> Answer:
        """Ask a query; AskError if that fails or takes too long."""
        return self.get(self._server.path(text), accept)

    def get(self, path: str, accept: str) -> Answer:
        """Read a path; AskError as in `query`."""
        began = time.perf_counter()
        try:
            self._connection.request("GET", path, headers={"Accept": accept})
            response = self._connection.getresponse()
            body = _read(response, began + TIMEOUT)
        except TimeoutError as error:
            self.close()
            raise AskError(f"over {TIMEOUT:.0f} s") from error
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise AskError(f"broken off ({type(error).__name__})") from error
        seconds = time.perf_counter() - began
        if response.status != http.client.OK:
            raise AskError(f"status {response.status}")
        return Answer(seconds, body)


def _read(response: http.client.HTTPResponse, deadline: float) -> bytes:
    """Read a whole answer; TimeoutError where a server takes too long over many small pieces."""
    pieces = []
    while piece := response.read(_PIECE):
        pieces.append(piece)
        if time.perf_counter() > deadline:
            raise TimeoutError
    return b"".join(pieces)


def told(workload: Workload, body: bytes) -> object:
    """Give what must be equal in the answers of all servers; AskError if the answer is broken."""
    if workload.compare == "none":
        return None
    try:
        if workload.accept == "text/csv":
            return len(list(csv.reader(io.StringIO(body.decode())))) - 1
        if workload.accept == "application/n-triples":
            return sum(1 for line in body.splitlines() if line.rstrip().endswith(b"."))
        rows = json.loads(body)["results"]["bindings"]
    except (ValueError, KeyError, UnicodeDecodeError) as error:
        raise AskError("a broken answer") from error
    if workload.compare == "rows":
        return len(rows)
    return Counter(
        tuple(sorted((name, _plain(term)) for name, term in row.items())) for row in rows
    )


def _plain(term: dict[str, Any]) -> str:
    """Give a term so that equal numbers are equal, to nine digits, whatever their type."""
    if str(term.get("datatype", "")).rpartition("#")[2] in _NUMBERS:
        return plain_number(term["value"])
    return f"{term['value']}@{term.get('xml:lang', '').lower()}"


def plain_number(value: str | float) -> str:
    """Write a number to nine digits."""
    return f"{float(value):.9g}"
