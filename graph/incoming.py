"""What links to a thing, page by page: documents of things stay small, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graph.engine import Engine, Query
from graph.errors import NotFoundError
from graph.identity import Identity, Reference
from graph.terms import Term, iri, literal
from ontology import expand

PAGE = 200

_HYDRA = "http://www.w3.org/ns/hydra/core#"
# Ordered, so that pages neither overlap nor leave anything out; participations and such are
# links as all others here.
_LINKS = """
SELECT DISTINCT ?subject ?property WHERE {{
  VALUES ?value {{ UNDEF }}
  GRAPH ?graph {{ ?subject ?property ?value }}
}} ORDER BY ?subject ?property LIMIT {limit} OFFSET {offset}
"""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One page of the links to a thing: subjects and properties, in their order."""

    iri: str
    page: int
    links: tuple[tuple[str, str], ...]
    more: bool

    def statements(self, document: str) -> Iterator[tuple[Term, Term, Term]]:
        """Give the links, and the way to the other pages of a document, in words of Hydra."""
        this = iri(self.iri)
        for subject, name in self.links:
            yield iri(subject), iri(name), this
        here = iri(self.address(document, self.page))
        yield iri(document), iri(f"{_HYDRA}view"), here
        yield here, iri(expand("rdf:type")), iri(f"{_HYDRA}PartialCollectionView")
        for relation, page in self.others().items():
            yield here, iri(f"{_HYDRA}{relation}"), iri(self.address(document, page))
        yield here, iri(expand("rdfs:label")), literal(f"Links, page {self.page}")

    def others(self) -> dict[str, int]:
        """Give the numbers of other pages: first, and next and previous where there are any."""
        found = {"first": 1}
        if self.page > 1:
            found["previous"] = self.page - 1
        if self.more:
            found["next"] = self.page + 1
        return found

    @staticmethod
    def address(document: str, page: int) -> str:
        """Give the address of a page of a document."""
        return f"{document}?links={page}"


def read_incoming(
    engine: Engine, identity: Identity, reference: Reference, page: int, size: int = PAGE
) -> Incoming:
    """Read a page of what links to a thing, counted from 1; NotFoundError past the end."""
    this = identity.entity(reference.segment, reference.key)
    query = Query(_LINKS.format(limit=size + 1, offset=(page - 1) * size)).bind(value=iri(this))
    rows = engine.select(query).rows
    if not rows and page > 1:
        raise NotFoundError(f"there is no page {page} of what links to {this}")
    links = tuple((row["subject"].value, row["property"].value) for row in rows[:size])
    return Incoming(this, page, links, len(rows) > size)
