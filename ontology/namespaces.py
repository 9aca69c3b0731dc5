"""The prefixes of the project, and names written with them."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

SIKG = "https://w3id.org/sikg/ontology#"

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "sikg": SIKG,
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "dcterms": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "org": "http://www.w3.org/ns/org#",
        "cpov": "http://data.europa.eu/m8g/",
        "schema": "https://schema.org/",
        "prov": "http://www.w3.org/ns/prov#",
        "dcat": "http://www.w3.org/ns/dcat#",
        "eli": "http://data.europa.eu/eli/ontology#",
        "s66": "http://data.europa.eu/s66#",  # EURIO, the vocabulary of CORDIS
        "sh": "http://www.w3.org/ns/shacl#",
        "void": "http://rdfs.org/ns/void#",
        "dqv": "http://www.w3.org/ns/dqv#",
        "csvw": "http://www.w3.org/ns/csvw#",
        "vann": "http://purl.org/vocab/vann/",
    },
)


class UnknownNameError(ValueError):
    """Say that a name stands for nothing, and which names are close to it.

    `name` is the name as it was written; `suggestions` are close names, the closest first.
    """

    def __init__(self, name: str, why: str, known: Iterable[str]) -> None:
        # why: difflib is needed for errors only, and importing the ontology must stay quick
        from difflib import get_close_matches  # noqa: PLC0415

        self.name = name
        self.suggestions = tuple(get_close_matches(name, sorted(known), n=3, cutoff=0.6))
        hint = f"; did you mean {' or '.join(self.suggestions)}?" if self.suggestions else ""
        super().__init__(f"{name!r} {why}{hint}")


def expand(name: str) -> str:
    """Return the IRI of a prefixed name such as `skos:prefLabel`.

    Only the prefix is looked up; `ontology.declared` also asks whether the term exists. Raise
    `UnknownNameError` for a name without a prefix of ours or without a local part.
    """
    prefix, colon, local = name.partition(":")
    if not colon:
        raise UnknownNameError(name, f"has no prefix; the prefixes are {', '.join(PREFIXES)}", ())
    if prefix not in PREFIXES:
        raise UnknownNameError(prefix, f"of {name!r} is not a prefix of ours", PREFIXES)
    if not local or not set(local).isdisjoint('<>"{}|^`\\: \t\r\n'):
        raise UnknownNameError(name, "is not a prefixed name", ())
    return PREFIXES[prefix] + local


def compact(iri: str) -> str:
    """Return the prefixed name of an IRI, or the IRI itself where no prefix of ours fits."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and local and "/" not in local and "#" not in local:
            return f"{prefix}:{local}"
    return iri
