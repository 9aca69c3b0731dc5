"""Citing an answer or a thing: what of which release, so that it can be had again and checked."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import metadata
from urllib.parse import urlencode

from graph.catalogue import CatalogueQuery
from graph.errors import NotAcceptableError, NotFoundError
from graph.release import Manifest

CITED = {"text": "text/plain", "bibtex": "application/x-bibtex", "csl": "application/json"}
GRAPH_TITLE = "Knowledge graph of European social innovation"
_DISTRIBUTION = "social-innovation-knowledge-graph"
_BIBTEX = re.compile(r"[\\{}%&#_$~^]")
_PLAIN = re.compile(r"[^A-Za-z0-9.-]+")
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


class Cited(ABC):
    """What is cited, as a sentence, CSL-JSON and BibTeX."""

    manifest: Manifest

    @property
    @abstractmethod
    def title(self) -> str:
        """Say what is cited."""

    @property
    @abstractmethod
    def address(self) -> str:
        """Give the link to what is cited."""

    @property
    @abstractmethod
    def key(self) -> str:
        """Name the citation in a bibliography."""

    @abstractmethod
    def note(self, most: int | None = None) -> str:
        """Say what identifies it; `most` digits of a hash stand for the hash."""

    def text(self) -> str:
        """Write the citation as a sentence; the reader adds the date of access."""
        return (
            f"{_author()} ({self.manifest.created:%Y}). {self.title}. "
            f"{GRAPH_TITLE}, release {self.manifest.number} of {self.manifest.created:%Y-%m-%d}. "
            f"{self.note(_SHOWN)} {self.address}"
        )

    def csl(self) -> list[dict[str, object]]:
        """Give the citation as CSL-JSON."""
        created = self.manifest.created
        return [
            {
                "id": self.key,
                "type": "dataset",
                "title": self.title,
                "author": [{"literal": _author()}],
                "publisher": _author(),
                "container-title": GRAPH_TITLE,
                "version": f"release {self.manifest.number}",
                "issued": {"date-parts": [[created.year, created.month, created.day]]},
                "note": self.note(),
                "URL": self.address,
            }
        ]

    def bibtex(self) -> str:
        """Write the citation as an entry of BibTeX."""
        fields = {
            "author": f"{{{_bibtex(_author())}}}",
            "title": f"{{{_bibtex(self.title)}}}",
            "year": f"{self.manifest.created:%Y}",
            "month": f"{self.manifest.created:%m}",
            "howpublished": f"{_bibtex(GRAPH_TITLE)}, release {self.manifest.number}",
            "note": _bibtex(self.note()),
            "url": self.address,
        }
        listed = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        return f"@misc{{{self.key},\n{listed}}}\n"

    def written(self, form: str) -> str:
        """Write the citation in a format of `CITED`; NotAcceptableError for another."""
        match form:
            case "csl":
                return json.dumps(self.csl(), ensure_ascii=False, indent=2) + "\n"
            case "bibtex":
                return self.bibtex()
            case "text":
                return f"{self.text()}\n"
            case _:
                known = ", ".join(CITED)
                raise NotAcceptableError(
                    f"there is no format “{form[:40]}” here; there are {known}"
                )


@dataclass(frozen=True)
class Citation(Cited):
    """The answer to a question with its parameters, and the release that gave it."""

    query: CatalogueQuery
    given: Mapping[str, str]
    manifest: Manifest

    @property
    def title(self) -> str:
        """Say which question was answered."""
        return f"{self.query.title} [answer of a query]"

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

    def note(self, most: int | None = None) -> str:
        """Say what identifies question and release; `most` digits of a hash stand for it."""
        asked = "".join(f", {name} = {value}" for name, value in self.given.items())
        return (
            f"Query {self.query.name}{asked} (SHA-256 of its text "
            f"{_cut(text_hash(self.query), most)}); "
            f"digest of the release {_cut(self.manifest.digest, most)}."
        )


@dataclass(frozen=True)
class ThingCitation(Cited):
    """What a release says about one thing, by the name that the reader sees."""

    name: str
    iri: str
    manifest: Manifest

    @property
    def title(self) -> str:
        """Name the thing."""
        return f"{self.name} [entity]"

    @property
    def address(self) -> str:
        """Give the IRI of the thing, which leads to the release that is served."""
        return self.iri

    @property
    def key(self) -> str:
        """Name the citation in a bibliography."""
        told = _PLAIN.sub("-", self.iri.removeprefix(f"{self.manifest.base}id/"))
        return f"sikg-{told}-r{self.manifest.number}"

    def note(self, most: int | None = None) -> str:
        """Say what identifies the release."""
        return f"Digest of the release {_cut(self.manifest.digest, most)}."


def _cut(digits: str, most: int | None) -> str:
    return digits if most is None else f"{digits[:most]}…"


def _bibtex(text: str) -> str:
    replaced = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return _BIBTEX.sub(lambda found: replaced.get(found[0], f"\\{found[0]}"), text)
