"""Names of what money has: countries and projects, kinds and phases, in a reader's languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from api.money.state import FUNDING, NAMES
from graph.dataset import Dataset
from graph.facts.cubes import MONEY
from graph.facts.dimensions import Dimension
from graph.facts.names import labels_by_key
from graph.facts.sorts import Sort
from graph.labels import Label, label_of_term
from ontology import segments
from visualisations.wording import Wording


class Naming:
    """Names what dimensions have, in a reader's languages."""

    def __init__(self, dataset: Dataset, languages: Sequence[str], words: Wording) -> None:
        self.words = words
        self._identity = dataset.identity
        self._facts = dataset.facts
        self._languages = languages

    def of(self, item: Dimension, keys: Iterable[str]) -> dict[str, Label]:
        """Give the label of each key of a dimension; the key itself where nothing names it."""
        listed = sorted(set(keys))
        if len(item.segments) == 1:
            found = labels_by_key(self._facts, item.segments[0], listed, self._languages)
        elif item.segments:
            found = self._of_several(item, listed)
        elif item.name == "of":
            classes = segments()
            found = {
                key: label_of_term(classes[key], self._languages)
                for key in listed
                if key in classes
            }
        elif item.name == "year-of":
            told = {"amount": self.words.gettext("stated"), "start": self.words.gettext("start")}
            found = {
                key: Label(told[key], self.words.language, asked=True)
                for key in listed
                if key in told
            }
        else:
            found = {}
        return {key: found.get(key, Label(key, "", asked=True)) for key in listed}

    def _of_several(self, item: Dimension, keys: Sequence[str]) -> dict[str, Label]:
        found: dict[str, Label] = {}
        for segment in item.segments:
            own = [key.removeprefix(f"{segment}/") for key in keys if key.startswith(f"{segment}/")]
            labels = labels_by_key(self._facts, segment, own, self._languages)
            found |= {f"{segment}/{key}": label for key, label in labels.items()}
        return found

    def sort(self, sort: Sort) -> str:
        """Say kind, phase and currency of a sort of money."""
        return ", ".join(
            self.words.gettext("%(name)s unknown") % {"name": self.words.gettext(NAMES[name])}
            if part is None
            else " + ".join(
                label.text for label in self.of(FUNDING.dimension(name), part.split("; ")).values()
            )
            for name, part in zip(MONEY, sort, strict=True)
        )

    def page(self, item: Dimension, key: str) -> str | None:
        """Give the address of the page of what a key names; None for what has none."""
        if not item.segments:
            return None
        segment, name = item.segments[0], key
        if len(item.segments) > 1:
            segment, _, name = key.partition("/")
        return self._identity.path(self._identity.entity(segment, name), "page")
