"""The formats of results and graphs: names, media types and file suffixes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """One serialisation: its short name, media type, file suffix and other media types."""

    name: str
    media_type: str
    suffix: str
    aliases: tuple[str, ...] = ()
    quads: bool = False

    @property
    def content_type(self) -> str:
        """Give the media type with the charset that SPARQL 1.1 results ask for in text."""
        if self.media_type.startswith("text/"):
            return f"{self.media_type}; charset=utf-8"
        return self.media_type


# The first of each list is served where the client takes anything.
RESULT_FORMATS = (
    Format("json", "application/sparql-results+json", "srj", ("application/json",)),
    Format("xml", "application/sparql-results+xml", "srx", ("application/xml", "text/xml")),
    Format("csv", "text/csv", "csv"),
    Format("tsv", "text/tab-separated-values", "tsv"),
)
BOOLEAN_FORMATS = RESULT_FORMATS
GRAPH_FORMATS = (
    Format("turtle", "text/turtle", "ttl", ("application/x-turtle",)),
    Format("ntriples", "application/n-triples", "nt", ("text/plain",)),
    Format("nquads", "application/n-quads", "nq", quads=True),
    Format("trig", "application/trig", "trig", quads=True),
    Format("rdfxml", "application/rdf+xml", "rdf", ("application/xml", "text/xml")),
    Format("jsonld", "application/ld+json", "jsonld", ("application/json",)),
)
TURTLE, NTRIPLES, NQUADS, TRIG, RDFXML, JSONLD = GRAPH_FORMATS


def by_name(formats: tuple[Format, ...], name: str) -> Format | None:
    """Find a format by its short name or suffix; None if there is none."""
    return next((item for item in formats if name in {item.name, item.suffix}), None)
