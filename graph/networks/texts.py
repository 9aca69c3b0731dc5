"""All names of the things of a map, read only for those that are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from graph.network import Label, Texts

# Names as they are written: by the property that gives them, text and language.
Plain: TypeAlias = "dict[str, dict[str, list[list[str]]]]"


@dataclass(frozen=True, slots=True)
class AllTexts(Mapping[str, Texts]):
    """What names each thing, by its IRI: made for those that are asked for, since most are not."""

    plain: Plain

    @classmethod
    def of(cls, texts: Mapping[str, Texts]) -> AllTexts:
        """Hold names as they will be written."""
        return cls(
            {
                iri: {by: [list(label) for label in labels] for by, labels in found.items()}
                for iri, found in texts.items()
            }
        )

    def __getitem__(self, iri: str) -> Texts:
        found = self.plain[iri]
        return {
            by: [Label(text, language) for text, language in labels] for by, labels in found.items()
        }

    def __iter__(self) -> Iterator[str]:
        return iter(self.plain)

    def __len__(self) -> int:
        return len(self.plain)
