"""What things on a map are called, for a reader, and where their pages are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from graph.dataset import Dataset
from graph.facts.dimensions import UNKNOWN
from graph.facts.names import labels_by_key
from graph.labels import FALLBACK, label_of_term
from graph.listing import FILTERS
from graph.network import Label
from graph.networks.collapsing import Disc
from graph.networks.projection import kind_of
from ontology import Class
from visualisations.addressing import id_of, page_of
from visualisations.grouping import OTHERS, UNLINKED
from visualisations.shaping import Shape
from visualisations.wording import Wording

COLLAPSES = ("country", "theme")
GROUP = "group"  # the kind of what stands for several nodes without being a thing itself
_CLASSES = {"country": Class.COUNTRY.value, "theme": Class.THEME.value}
_NAMED = 3  # members by which a group is called
_LONG = 32  # characters of each of them


class Calling:
    """Names what is drawn in the language of a reader; `called` names the communities."""

    def __init__(
        self, dataset: Dataset, made: Shape, languages: Sequence[str], words: Wording
    ) -> None:
        self._dataset = dataset
        self._made = made
        self._languages = tuple(languages)
        self._words = words
        self.language = languages[0].partition("-")[0].lower() if languages else FALLBACK
        self._values: dict[str, Mapping[str, Label]] = {}
        self._own = {
            disc.node: made.projection.name(made.projection.nodes[disc.node], self.language)
            for disc in made.sheet.discs
            if disc.node is not None
        }
        self._shorts = Counter(short for _, short in self._own.values())
        self._communities = self._called()
        self.called = tuple(self._communities.values())

    def names(self, disc: Disc) -> tuple[Label, Label]:
        """Give the name of a disc, and a shorter one that no other disc has."""
        if disc.node is not None:
            label, short = self._own[disc.node]
            # An acronym of several nodes, such as of a fund in each period, names none of them.
            return label, short if self._shorts[short] == 1 else label
        label = self._group(disc.group or "")
        return label, label

    def thing(self, disc: Disc) -> str | None:
        """Give the IRI of a node, or of what a group is of; None for a group of no thing."""
        if disc.node is not None:
            return self._made.projection.nodes[disc.node]
        facet, _, key = (disc.group or "").partition("/")
        if facet not in COLLAPSES or key == UNKNOWN:
            return None
        return self._dataset.identity.entity(facet, key)

    def kind(self, disc: Disc) -> str:
        """Give the IRI of the kind of a disc, or the mark of a group of no thing."""
        if disc.node is not None:
            return self._made.projection.kinds[disc.node]
        return _CLASSES.get((disc.group or "").partition("/")[0], GROUP)

    def kind_label(self, kind: str) -> Label:
        """Name a kind."""
        if kind == GROUP:
            return Label(self._words.gettext("Group of nodes"), self._words.language)
        if kind in self._made.projection.texts:
            return self._made.projection.name(kind, self.language).label
        found = label_of_term(kind, self._languages)
        return Label(found.text, found.language)

    def value(self, facet: str, key: str) -> Label:
        """Name a value of a facet; by its key where nothing names it."""
        if facet not in self._values:
            held = self._made.projection.attributes.get(facet, ())
            keys = frozenset(key for values in set(held) for key in values or ())
            self._values[facet] = self._dataset.facts.remembered(
                ("values of a map", facet, keys, self._languages), lambda: self._read(facet, keys)
            )
        return self._values[facet].get(key, Label(key))

    def _read(self, facet: str, keys: Collection[str]) -> Mapping[str, Label]:
        facts, languages = self._dataset.facts, self._languages
        return {
            key: Label(found.text, found.language)
            for segment in (item.segment for item in FILTERS if item.name == facet)
            for key, found in labels_by_key(facts, segment, keys, languages).items()
        }

    def id(self, iri: str) -> str:
        """Give what names a node in addresses."""
        return id_of(self._dataset.identity, iri)

    def page(self, iri: str | None) -> str | None:
        """Give the address of the page of a thing."""
        return page_of(self._dataset.identity, iri)

    def segment(self, iri: str) -> str:
        """Give the kind of a thing as addresses name it, empty for what is not of ours."""
        return kind_of(self._dataset.identity, iri)

    def _group(self, group: str) -> Label:
        words = self._words
        facet, _, key = group.partition("/")
        if facet in COLLAPSES and key != UNKNOWN:
            return self.value(facet, key)
        text = {
            UNLINKED: words.gettext("Without links"),
            OTHERS: words.gettext("All smaller groups"),
        }.get(group)
        if text is None and key.isdecimal():
            text = words.gettext("Group %(number)s: %(members)s") % {
                "number": int(key) + 1,
                "members": self._communities[int(key)],
            }
        return Label(text or words.gettext("Unknown"), words.language)

    def _called(self) -> dict[int, str]:
        """Call each community, by its number, by the members that have most neighbours."""
        made, grouping = self._made, self._made.measures.grouping
        if grouping is None:
            return {}
        inner = made.collapsed is not None and made.collapsed.by == "community"
        degrees = made.inner if inner else made.measures.degree
        found = {}
        for group in grouping.groups:
            first = sorted(group.members, key=lambda at: (-degrees[at], at))[:_NAMED]
            found[group.number] = ", ".join(self._member(at, inner=inner) for at in first)
        return found

    def _member(self, at: int, *, inner: bool) -> str:
        made = self._made
        if inner:
            iri = made.projection.nodes[made.selection.nodes[at]]
            text = made.projection.name(iri, self.language).short.text
        else:
            text = self.names(made.sheet.discs[at])[1].text
        return text if len(text) <= _LONG else f"{text[: _LONG - 1].rstrip()}…"
