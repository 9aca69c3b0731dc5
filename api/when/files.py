"""Times for other programs: things with their beginnings and ends, as linked data."""

from __future__ import annotations

from collections.abc import Iterator

from api.models_where import Dated, When
from graph.dataset import Dataset
from graph.jsonld import compacted
from graph.terms import XSD, Term, iri, literal, text
from ontology import Property, expand, segments

_TYPE, _LABEL = iri(expand("rdf:type")), iri(expand("rdfs:label"))
# The datatype of a date by how many characters it has.
_PRECISION = {4: "gYear", 7: "gYearMonth", 10: "date"}


def when_as_jsonld(dataset: Dataset, found: When) -> bytes:
    """Write things with kind, name and dates under the names of the ontology's context."""
    statements = [statement for item in found.items for statement in _statements(item)]
    return compacted(statements, f"{dataset.identity.base}context.jsonld")


def _statements(item: Dated) -> Iterator[tuple[Term, Term, Term]]:
    subject = iri(item.iri)
    kind = segments().get(item.kind)
    if kind is not None:
        yield subject, _TYPE, iri(kind)
    label = item.label
    yield (
        subject,
        _LABEL,
        text(label.text, label.language) if label.language else literal(label.text),
    )
    begin = Property.DOCUMENT_DATE if item.kind == "policy" else Property.START_DATE
    for property_, value in ((begin, item.begin), (Property.END_DATE, item.end)):
        if value is not None:
            dated = literal(value, f"{XSD}{_PRECISION[len(value)]}")
            yield subject, iri(property_.value), dated
