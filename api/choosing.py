"""What readers can choose on pages, and have chosen, each name in its language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.labels import Label

_UNDETERMINED = "und"


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a field: its key, and the names of all that it stands for."""

    key: str
    labels: tuple[Label, ...]

    @property
    def text(self) -> str:
        """Give the names as one text."""
        return ", ".join(label.text for label in self.labels)

    @property
    def language(self) -> str:
        """Give the language that all names share; empty if it is that of the reader, or several."""
        found = {"" if label.asked else label.language for label in self.labels} - {_UNDETERMINED}
        return found.pop() if len(found) == 1 else ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A field with its values; `chosen` is the key that the address has."""

    name: str
    label: str
    options: tuple[Option, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that was chosen, in words, and the address of the view without it."""

    label: str
    values: tuple[Label, ...]
    without: str
    between: str = ", "  # its values

    @property
    def text(self) -> str:
        """Give the values as one text."""
        return self.between.join(label.text for label in self.values)


def plain(text: str) -> Label:
    """Give a text of a page itself, or of no language, where names have theirs."""
    return Label(text, "", asked=True)


def options_of(keys: Iterable[str], known: Mapping[str, Label]) -> dict[str, Option]:
    """Give an option of each key, named by the key itself where nothing names it."""
    return {key: Option(key, (known.get(key, plain(key)),)) for key in keys}


def together(options: Mapping[str, Option], text: str) -> Option:
    """Name values that are divided by commas, by their keys where nothing has a name for them."""
    keys = (key.strip() for key in text.split(","))
    named = (options[key].labels if key in options else (plain(key),) for key in keys)
    return Option(text, tuple(label for labels in named for label in labels))


def by_name(options: Iterable[Option]) -> list[Option]:
    """Put options in the order of their names."""
    return sorted(options, key=lambda option: (option.text.casefold(), option.key))
