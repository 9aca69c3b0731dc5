"""The vocabulary: the classes and properties that queries can use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fastapi import APIRouter

from api import models
from api.dependencies import CurrentReader
from graph import void
from graph.labels import label_of_term
from ontology import PREFIXES, classes, compact, definitions, properties

router = APIRouter(tags=["vocabulary"], prefix="/vocabulary")


@router.get("")
def read_vocabulary(reader: CurrentReader) -> models.Vocabulary:
    """List the prefixes, classes and properties of the ontology and of the release.

    `count` is from the statistics of the release, where it has them: instances of a class,
    statements of a property.
    """
    dataset = reader.dataset
    found = void.counts(dataset.store, reader.identity, dataset.release.number)
    of_classes = {} if found is None else found.classes
    of_properties = {} if found is None else found.properties
    return models.Vocabulary(
        prefixes=dict(PREFIXES),
        classes=_terms(classes() | of_classes.keys(), of_classes, reader.languages),
        properties=_terms(properties() | of_properties.keys(), of_properties, reader.languages),
    )


def _terms(
    iris: Iterable[str], counts: Mapping[str, int], languages: tuple[str, ...]
) -> tuple[models.VocabularyTerm, ...]:
    return tuple(
        models.VocabularyTerm(
            name=compact(iri),
            iri=iri,
            label=label_of_term(iri, languages).text,
            definition=definitions(iri).get("en"),
            count=counts.get(iri),
        )
        for iri in sorted(iris, key=compact)
    )
