"""Labels: what a thing is called in the reader's languages, with a declared fallback."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from graph.engine import DEFAULT_GRAPH, Engine, Holder, Query
from graph.identity import Identity
from graph.terms import Term, iri
from graph.translations import is_machine_translation
from ontology import Property, compact, expand, labels

_LABEL = expand("skos:prefLabel")
FALLBACK = "en"  # most labels of the field's sources are English


class Label(NamedTuple):
    """A text, its language tag (empty where it has none), and whether that is the one wanted."""

    text: str
    language: str
    asked: bool


def best(texts: Iterable[Term], languages: Sequence[str]) -> Label | None:
    """Choose among texts by the reader's languages, the most wanted first (RFC 4647, 3.4).

    A text of none of them is taken in English, else in the first language by tag. Only a text of
    the most wanted language, or of none, is as asked; where none is wanted, English is. Of one
    language, what a machine translated is taken last. None if there are no texts.
    """
    ordered = sorted(texts, key=_place)
    wanted = list(languages) or [FALLBACK]
    for place, language in enumerate([*wanted, "", "und", FALLBACK]):
        asked = place == 0 or len(wanted) <= place < len(wanted) + 2
        subtags = language.casefold().split("-")
        while subtags:
            for text in ordered:
                if _matches(text.language, "-".join(subtags)):
                    return Label(text.value, text.language or "", asked)
            subtags.pop()
    return Label(ordered[0].value, ordered[0].language or "", asked=False) if ordered else None


def _place(text: Term) -> tuple[bool, str, str]:
    tag = text.language or ""
    return is_machine_translation(tag), tag.casefold(), text.value


def _matches(language: str | None, wanted: str) -> bool:
    tag = (language or "").casefold()
    return tag == wanted or (wanted != "" and tag.startswith(f"{wanted}-"))


@dataclass(frozen=True, slots=True)
class Name:
    """The texts that name a thing, or the names of the parts that it is told by."""

    iri: str
    key: str
    texts: tuple[Term, ...] = ()
    parts: tuple[Name, ...] = ()

    def label(self, languages: Sequence[str]) -> Label:
        """Give the label for a reader; the key of the thing if nothing names it."""
        found = best(self.texts, languages)
        if found is not None:
            return found
        labels = [part.label(languages) for part in self.parts]
        if not labels:
            return Label(self.key, "", asked=True)
        text = " · ".join(label.text for label in labels)
        tags = {label.language for label in labels} - {""}
        language = tags.pop() if len(tags) == 1 else ""
        return Label(text, language, asked=all(label.asked for label in labels))


@dataclass(frozen=True, slots=True)
class Names:
    """The names of things, by IRI; a thing without a name has its key or short IRI."""

    identity: Identity
    _known: Mapping[str, Name] = field(default_factory=dict)

    def __getitem__(self, thing: str) -> Name:
        return self._known.get(thing) or Name(thing, self._key(thing))

    def terms(self) -> Iterable[tuple[str, Term]]:
        """Give all texts with the IRI of what they name."""
        for thing, name in self._known.items():
            for text in name.texts:
                yield thing, text

    def _key(self, thing: str) -> str:
        reference = self.identity.parse(thing)
        return compact(thing) if reference is None else reference.key


_TEXTS = Query("""
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?thing ?text WHERE { VALUES ?thing { UNDEF } ?thing skos:prefLabel ?text }
""")

# What tells a thing that nobody named: who takes part as what in what, how much of what money.
_TOLD_BY = (
    Property.PARTICIPANT,
    Property.ROLE,
    Property.PARTICIPATES_IN,
    Property.AMOUNT,
    Property.CURRENCY,
    Property.FUNDING_KIND,
)
_PARTS = Query(f"""
SELECT DISTINCT ?thing ?property ?part WHERE {{
  VALUES ?thing {{ UNDEF }}
  VALUES (?property) {{ {" ".join(f"(<{item}>)" for item in _TOLD_BY)} }}
  ?thing ?property ?part
}}
""")
_TITLES = Query("""
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX sikg: <https://w3id.org/sikg/ontology#>
SELECT ?thing ?text ?file ?number WHERE {
  VALUES ?thing { UNDEF }
  GRAPH ?receipts {
    { ?thing dcterms:title ?text }
    UNION { ?thing sikg:fileName ?file }
    UNION { ?thing sikg:rowNumber ?number ; sikg:fromTable/sikg:fileName ?file }
  }
}
""")
_OF_RECEIPTS = frozenset({"row", "table", "source"})


# The properties and values of some things that have been read already, all in the default graph.
Known: TypeAlias = Mapping[str, Sequence[tuple[str, Term]]]


def read_names(
    engine: Engine, identity: Identity, things: Iterable[str], known: Known | None = None
) -> Names:
    """Read the names of things, and of the parts of those that nobody named.

    What is `known` of things is not read again.
    """
    told = known or {}
    ours: list[str] = []
    receipts: list[str] = []
    for thing in dict.fromkeys(things):
        reference = identity.parse(thing)
        if reference is not None:
            (receipts if reference.segment in _OF_RECEIPTS else ours).append(thing)
    named: dict[str, Name] = {}
    texts: dict[str, list[Term]] = {}
    for thing in ours:
        for name, value in told.get(thing, ()):
            if name == _LABEL:
                texts.setdefault(thing, []).append(value)
    for thing, text in _texts(engine, [thing for thing in ours if thing not in told]):
        texts.setdefault(thing, []).append(text)
    blank = Names(identity)
    for thing, found in texts.items():
        named[thing] = Name(thing, blank[thing].key, tuple(found))
    unnamed = [thing for thing in ours if thing not in texts]
    read = {thing: texts.get(thing, []) for thing in ours}
    named.update(_told_by_parts(engine, blank, list(_parts(engine, unnamed, told)), read))
    named.update(_of_receipts(engine, blank, receipts))
    return Names(identity, named)


def _texts(engine: Engine, things: Sequence[str]) -> Iterator[tuple[str, Term]]:
    if isinstance(engine, Holder):
        for thing, _, text, _ in engine.look_up(things, name=_LABEL, graph=DEFAULT_GRAPH):
            yield thing, text
    elif things:
        for row in engine.select(_TEXTS.bind(thing=[iri(thing) for thing in things])):
            yield row["thing"].value, row["text"]


def _parts(
    engine: Engine, things: Sequence[str], known: Known
) -> Iterator[tuple[str, Property, Term]]:
    """Give what tells each thing: the property, and its value."""
    told = {item.value for item in _TOLD_BY}
    for thing in things:
        for name, value in known.get(thing, ()):
            if name in told:
                yield thing, Property(name), value
    others = [thing for thing in things if thing not in known]
    if isinstance(engine, Holder):
        for thing, name, value, _ in engine.look_up(others, graph=DEFAULT_GRAPH):
            if name in told:
                yield thing, Property(name), value
    elif others:
        for row in engine.select(_PARTS.bind(thing=[iri(item) for item in others])):
            yield row["thing"].value, Property(row["property"].value), row["part"]


def _told_by_parts(
    engine: Engine,
    blank: Names,
    parts: Sequence[tuple[str, Property, Term]],
    read: Mapping[str, Sequence[Term]],
) -> dict[str, Name]:
    """Name things by their parts, of which the texts of some have been read."""
    texts = {part: list(found) for part, found in read.items()}
    others = {part.value for *_, part in parts if part.kind == "uri"} - read.keys()
    for thing, text in _texts(engine, sorted(others)):
        texts.setdefault(thing, []).append(text)
    places: dict[str, set[tuple[int, str]]] = {}
    for thing, name, part in parts:
        places.setdefault(thing, set()).add((_TOLD_BY.index(name), part.value))
    return {
        thing: Name(
            thing,
            blank[thing].key,
            parts=tuple(
                Name(part, blank[part].key, tuple(texts.get(part, ()))) for _, part in sorted(told)
            ),
        )
        for thing, told in places.items()
    }


def _of_receipts(engine: Engine, blank: Names, things: Sequence[str]) -> dict[str, Name]:
    if not things:
        return {}
    known = {}
    for row in engine.select(_TITLES.bind(thing=[iri(item) for item in things])):
        thing = row["thing"].value
        if "text" in row:
            text = row["text"]
        elif "number" in row:
            text = Term("literal", f"{row['file'].value}, row {row['number'].value}")
        else:
            text = row["file"]
        known[thing] = Name(thing, blank[thing].key, (text,))
    return known


def label_of_term(term: str, languages: Sequence[str]) -> Label:
    """Give the label of a class or property from the ontology; its short IRI if it has none."""
    texts = [Term("literal", text, language) for language, text in labels(term).items()]
    return best(texts, languages) or Label(compact(term), "", asked=True)
