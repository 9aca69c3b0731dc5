"""IRIs: how entities, rows and graphs are named under the configured base."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

from graph.terms import is_absolute_iri

DEFAULT_BASE = "http://localhost:8000/"

_SEGMENT = re.compile(r"[a-z][a-z0-9-]*")
# A segment and a key that needs no encoding, as nearly all are.
_PLAIN = re.compile(r"([a-z][a-z0-9-]*)/(?!\.\.?$)([A-Za-z0-9_.~-]+)")
_BASE = re.compile(r"https?://(?:\[[0-9A-Fa-f:.]+\]|[^\[\]@:/?#]+)(?::[0-9]{1,5})?/(?:[^?#]*/)?")


@dataclass(frozen=True, slots=True)
class Reference:
    """The kind (segment) and key of an entity, both as written by people."""

    segment: str
    key: str


def encode_key(key: str) -> str:
    """Percent-encode everything in a key but RFC 3986 unreserved characters.

    The keys `.` and `..` are encoded too, since clients would resolve them as path steps.
    """
    if key in {".", ".."}:
        return key.replace(".", "%2E")
    return quote(key, safe="")


@dataclass(frozen=True, slots=True)
class Identity:
    """Mint and read the IRIs under one base.

    `base` is an absolute http(s) IRI that ends in a slash; ValueError otherwise.
    """

    base: str = DEFAULT_BASE

    def __post_init__(self) -> None:
        if not (_BASE.fullmatch(self.base) and is_absolute_iri(self.base)):
            raise ValueError(
                f"the base {self.base!r} is no http(s) address that ends in a slash, "
                f"such as {DEFAULT_BASE}"
            )

    def entity(self, segment: str, key: str) -> str:
        """Give the IRI `{base}id/{segment}/{key}`."""
        return f"{self.base}id/{segment}/{encode_key(key)}"

    def row(self, source: str, number: int, sheet: str | None = None) -> str:
        """Give the IRI of a table row, which is also the name of the graph of its statements."""
        return self.entity("row", f"{self.table_key(source, sheet)}-{number}")

    def table(self, source: str, sheet: str | None = None) -> str:
        """Give the IRI of one table (a sheet, where the file has sheets) of a source."""
        return self.entity("table", self.table_key(source, sheet))

    @staticmethod
    def table_key(source: str, sheet: str | None) -> str:
        """Name a table by its source and, where there is one, its sheet."""
        return source if sheet is None else f"{source}.{sheet}"

    def graph(self, name: str) -> str:
        """Give the IRI of one of the graphs that no row owns: ontology and receipts."""
        return self.entity("graph", name)

    def parse(self, iri: str) -> Reference | None:
        """Read segment and key from an IRI as minted here; None for any other IRI.

        An IRI that encodes its key in another way is another IRI, and names nothing of ours.
        """
        prefix = f"{self.base}id/"
        if not iri.startswith(prefix):
            return None
        plain = _PLAIN.fullmatch(iri, len(prefix))
        if plain is not None:
            return Reference(plain[1], plain[2])
        segment, slash, key = iri.removeprefix(prefix).partition("/")
        if not slash or not key or not _SEGMENT.fullmatch(segment):
            return None
        reference = Reference(segment, unquote(key))
        return reference if self.entity(segment, reference.key) == iri else None

    def path(self, iri: str, view: str) -> str | None:
        """Give the path of the page or data document of an IRI under the base, else None."""
        if self.parse(iri) is None:
            return None
        return f"/{view}/{iri.removeprefix(self.base).removeprefix('id/')}"
