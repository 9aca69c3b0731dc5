"""The vocabulary as data, and its terms as types.

`core.ttl` declares the classes and properties, `shapes.ttl` says what a release must look like,
`schemes/` holds the lists of concepts and `context.jsonld` the short names of JSON-LD. Importing
this package reads none of them; the first question about `core.ttl` does.
"""

from ontology.files import path
from ontology.namespaces import PREFIXES, SIKG, UnknownNameError, compact, expand
from ontology.terms import Class, Property, Term
from ontology.vocabulary import (
    classes,
    concept_segments,
    declared,
    definitions,
    is_declared,
    labels,
    properties,
    ranges,
    segments,
    single_valued,
    superclasses,
    superproperties,
)

__all__ = [
    "PREFIXES",
    "SIKG",
    "Class",
    "Property",
    "Term",
    "UnknownNameError",
    "classes",
    "compact",
    "concept_segments",
    "declared",
    "definitions",
    "expand",
    "is_declared",
    "labels",
    "path",
    "properties",
    "ranges",
    "segments",
    "single_valued",
    "superclasses",
    "superproperties",
]
