"""Citing an answer: what it was asked of, so that it can be had again and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import metadata
from urllib.parse import urlencode

from graph.catalogue import CatalogueQuery
from graph.errors import NotFoundError
from graph.release import Manifest

GRAPH_TITLE = "Knowledge graph of European social innovation"
_DISTRIBUTION = "social-innovation-knowledge-graph"
_BIBTEX = re.compile(r"[\\{}%&#_$~^]")
_SHOWN = 16  # hexadecimal digits of a hash that a sentence has
_LEAST = 12  # hexadecimal digits of a hash that tell two texts apart


@cache
def _author() -> str:
    """Name who is cited: the authors of the distribution, as in CITATION.cff."""
    return metadata(_DISTRIBUTION)["Author"]


def text_hash(query: CatalogueQuery) -> str:
    """Give the SHA-256 of the text of a question, in hexadecimal digits."""
    return sha256(query.text.encode()).hexdigest()


def check_text(query: CatalogueQuery, pinned: str | None) -> None:
    """Refuse a link that was made for another text of the question.

    NotFoundError if the hash that the link pins is not that of the text.
    """
    if pinned is not None and not text_hash(query).startswith(pinned.lower()):
        raise NotFoundError(
            f"the query {query.name} has been changed since this link was made: its text has the "
            f"SHA-256 {text_hash(query)[:_LEAST]}…, and not {pinned[:_LEAST]}…; the address "
            "without the parameter sha256 asks the query as it is now"
        )


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited: a question with its parameters, and the release that answered it."""

    query: CatalogueQuery
    given: Mapping[str, str]
    manifest: Manifest

    @property
    def address(self) -> str:
        """Give the permanent link, which pins parameters, release and text of the question."""
        return f"{self.manifest.base}queries/{self.query.name}?{urlencode(self.pinned)}"

    @property
    def pinned(self) -> dict[str, str]:
        """Give the parameters of the permanent link."""
        return {
            **self.given,
            "release": str(self.manifest.number),
            "sha256": text_hash(self.query)[:_LEAST],
        }

    @property
    def key(self) -> str:
        """Name the citation in a bibliography."""
        return f"sikg-{self.query.name}-r{self.manifest.number}"

    def text(self) -> str:
        """Write the citation as a sentence; the reader adds the date of access."""
        return (
            f"{_author()} ({self.manifest.created:%Y}). {self.query.title} [answer of a query]. "
            f"{GRAPH_TITLE}, release {self.manifest.number} of {self.manifest.created:%Y-%m-%d}. "
            f"{self._note(_SHOWN)} {self.address}"
        )

    def csl(self) -> list[dict[str, object]]:
        """Give the citation as CSL-JSON."""
        created = self.manifest.created
        return [
            {
                "id": self.key,
                "type": "dataset",
                "title": f"{self.query.title} [answer of a query]",
                "author": [{"literal": _author()}],
                "publisher": _author(),
                "container-title": GRAPH_TITLE,
                "version": f"release {self.manifest.number}",
                "issued": {"date-parts": [[created.year, created.month, created.day]]},
                "note": self._note(),
                "URL": self.address,
            }
        ]

    def bibtex(self) -> str:
        """Write the citation as an entry of BibTeX."""
        fields = {
            "author": f"{{{_bibtex(_author())}}}",
            "title": f"{{{_bibtex(self.query.title)}}} [answer of a query]",
            "year": f"{self.manifest.created:%Y}",
            "month": f"{self.manifest.created:%m}",
            "howpublished": f"{_bibtex(GRAPH_TITLE)}, release {self.manifest.number}",
            "note": _bibtex(self._note()),
            "url": self.address,
        }
        listed = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        return f"@misc{{{self.key},\n{listed}}}\n"

    def _note(self, most: int | None = None) -> str:
        """Say what identifies question and release; `most` digits of a hash stand for it."""
        asked = "".join(f", {name} = {value}" for name, value in self.given.items())
        more = "" if most is None else "…"
        return (
            f"Query {self.query.name}{asked} (SHA-256 of its text "
            f"{text_hash(self.query)[:most]}{more}); "
            f"digest of the release {self.manifest.digest[:most]}{more}."
        )


def _bibtex(text: str) -> str:
    replaced = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return _BIBTEX.sub(lambda found: replaced.get(found[0], f"\\{found[0]}"), text)
