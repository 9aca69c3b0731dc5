"""Profiles of documents: what of the statements about a thing a client can do with.

Asked for by the IRI of a vocabulary (W3C, Content Negotiation by Profile), a document says what
that vocabulary can: terms of its own, and ours where they mean the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from graph.terms import Term, iri
from ontology import SIKG, expand

_TYPE = expand("rdf:type")
_SCHEMA = expand("schema:Thing").removesuffix("Thing")
_SKOS = expand("skos:Concept").removesuffix("Concept")


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile: its short name, the vocabulary that names it, and what stands for what in it."""

    name: str
    address: str
    title: str
    spaces: tuple[str, ...] = ()
    stands_for: Mapping[str, str] = field(default_factory=dict)

    def kept(self, statements: Iterable[tuple[Term, ...]]) -> Iterator[tuple[Term, ...]]:
        """Give the statements that the profile can say, in its words."""
        for subject, predicate, value, *_ in statements:
            if predicate.value == _TYPE:
                if value.value.startswith(self.spaces):
                    yield subject, predicate, value
            elif predicate.value in self.stands_for:
                yield subject, iri(self.stands_for[predicate.value]), value
            elif predicate.value.startswith(self.spaces):
                yield subject, predicate, value


WHOLE = Profile("sikg", SIKG.rstrip("#"), "everything, in all vocabularies")
PROFILES = (
    WHOLE,
    Profile(
        "schema",
        _SCHEMA,
        "schema.org, for search engines",
        (_SCHEMA,),
        {
            expand("skos:prefLabel"): f"{_SCHEMA}name",
            expand("skos:altLabel"): f"{_SCHEMA}alternateName",
            expand("dcterms:description"): f"{_SCHEMA}description",
            expand("skos:definition"): f"{_SCHEMA}description",
            expand("foaf:homepage"): f"{_SCHEMA}url",
            expand("skos:exactMatch"): f"{_SCHEMA}sameAs",
            expand("owl:sameAs"): f"{_SCHEMA}sameAs",
        },
    ),
    Profile("skos", _SKOS.rstrip("#"), "names and links to concepts, as SKOS", (_SKOS,)),
)


def as_schema_org(this: str, statements: Iterable[tuple[Term, ...]]) -> dict[str, object]:
    """Say in one JSON-LD node what schema.org can say of a thing; of several types, the first.

    Search engines read it in pages, and take a thing without a type for nothing.
    """
    profile = profile_of("schema")
    assert profile is not None  # noqa: S101  # a constant of ours
    own = (statement for statement in statements if statement[0].value == this)
    types: set[str] = set()
    node: dict[str, list[object]] = {}
    for _, predicate, value in dict.fromkeys(item[:3] for item in profile.kept(own)):
        if predicate.value == _TYPE:
            types.add(value.value.removeprefix(_SCHEMA))
        else:
            told = node.setdefault(predicate.value.removeprefix(_SCHEMA), [])
            told.append(_plain(value))
    return {
        "@context": _SCHEMA,
        "@id": this,
        "@type": min(types, default="Thing"),
        **{name: told[0] if len(told) == 1 else told for name, told in sorted(node.items())},
    }


def _plain(value: Term) -> object:
    if value.kind == "uri":
        return value.value
    if value.language and value.language != "und":
        return {"@value": value.value, "@language": value.language}
    return value.value


def profile_of(address: str) -> Profile | None:
    """Find a profile by its address or short name; None if there is none."""
    plain = address.rstrip("#/")
    return next(
        (item for item in PROFILES if plain in {item.name, item.address.rstrip("#/")}), None
    )
