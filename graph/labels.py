"""Labels: what a thing is called in the reader's languages, with a declared fallback."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from graph.engine import DEFAULT_GRAPH, Engine, Holder, Query
from graph.identity import Identity
from graph.terms import Term, iri
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
    the most wanted language, or of none, is as asked; where none is wanted, English is. None if
    there are no texts.
    """
    ordered = sorted(texts, key=lambda text: ((text.language or "").casefold(), text.value))
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
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing ?property ?part ?text WHERE {{
  VALUES ?thing {{ UNDEF }}
  VALUES (?property) {{ {" ".join(f"(<{item}>)" for item in _TOLD_BY)} }}
  ?thing ?property ?part
  OPTIONAL {{ ?part skos:prefLabel ?text }}
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


def read_names(engine: Engine, identity: Identity, things: Iterable[str]) -> Names:
    """Read the names of things, and of the parts of those that nobody named."""
    ours: list[str] = []
    receipts: list[str] = []
    for thing in dict.fromkeys(things):
        reference = identity.parse(thing)
        if reference is not None:
            (receipts if reference.segment in _OF_RECEIPTS else ours).append(thing)
    known: dict[str, Name] = {}
    texts: dict[str, list[Term]] = {}
    if ours:
        for thing, text in _texts(engine, ours):
            texts.setdefault(thing, []).append(text)
    blank = Names(identity)
    for thing, found in texts.items():
        known[thing] = Name(thing, blank[thing].key, tuple(found))
    unnamed = [thing for thing in ours if thing not in texts]
    known.update(_told_by_parts(engine, blank, unnamed))
    known.update(_of_receipts(engine, blank, receipts))
    return Names(identity, known)


def _texts(engine: Engine, things: Sequence[str]) -> Iterator[tuple[str, Term]]:
    if isinstance(engine, Holder):
        for thing, _, text, _ in engine.look_up(things, name=_LABEL, graph=DEFAULT_GRAPH):
            yield thing, text
        return
    for row in engine.select(_TEXTS.bind(thing=[iri(thing) for thing in things])):
        yield row["thing"].value, row["text"]


def _parts(
    engine: Engine, things: Sequence[str]
) -> Iterator[tuple[str, Property, str, Term | None]]:
    """Give what tells each thing: the property, its value, and each text that names that."""
    if isinstance(engine, Holder):
        told = {item.value for item in _TOLD_BY}
        found = [item for item in engine.look_up(things, graph=DEFAULT_GRAPH) if item[1] in told]
        iris = {value.value for _, _, value, _ in found if value.kind == "uri"}
        named: dict[str, list[Term]] = {}
        for part, text in _texts(engine, sorted(iris)):
            named.setdefault(part, []).append(text)
        for thing, name, value, _ in found:
            for each in named.get(value.value, ()) if value.kind == "uri" else ():
                yield thing, Property(name), value.value, each
            if value.kind != "uri" or value.value not in named:
                yield thing, Property(name), value.value, None
        return
    for row in engine.select(_PARTS.bind(thing=[iri(thing) for thing in things])):
        name = Property(row["property"].value)
        yield row["thing"].value, name, row["part"].value, row.get("text")


def _told_by_parts(engine: Engine, blank: Names, things: Sequence[str]) -> dict[str, Name]:
    if not things:
        return {}
    parts: dict[str, dict[tuple[int, str], list[Term]]] = {}
    for thing, name, part, text in _parts(engine, things):
        place = _TOLD_BY.index(name)
        texts = parts.setdefault(thing, {}).setdefault((place, part), [])
        if text is not None:
            texts.append(text)
    return {
        thing: Name(
            thing,
            blank[thing].key,
            parts=tuple(
                Name(part, blank[part].key, tuple(texts))
                for (_, part), texts in sorted(found.items())
            ),
        )
        for thing, found in parts.items()
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
