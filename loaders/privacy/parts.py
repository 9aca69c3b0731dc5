"""Parts: the words of a text, and what each may be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

_SHORTEST = 2  # letters of a word


class Sort(IntFlag):
    """What a word may be."""

    INSTITUTION = 1
    TRADE = 2
    GIVEN = 4
    SURNAME = 8
    PARTICLE = 16  # within a surname, such as von
    PROFESSION = 32
    BETWEEN = 128  # joins words, such as und
    EXACT = 64  # an institution or trade as it is listed, and not by a part of the word


SMALL = Sort.PARTICLE | Sort.BETWEEN
OTHER = Sort.INSTITUTION | Sort.TRADE | Sort.PROFESSION | SMALL


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: as it stands there, folded, and what it may be."""

    raw: str
    folded: str
    sort: Sort

    @property
    def is_name(self) -> bool:
        """Tell whether it could be part of a name: capitalised, and no word of anything else."""
        return self._is_capitalised and not self.sort & OTHER

    @property
    def could_be(self) -> bool:
        """Tell whether it could be a surname beside a given name: Neuhaus could, Haus could not."""
        return self._is_capitalised and not self.sort & (Sort.EXACT | Sort.INSTITUTION | SMALL)

    @property
    def is_either(self) -> bool:
        """Tell whether it is a word of an institution and a name as well, such as Linn."""
        return bool(self.sort & (Sort.GIVEN | Sort.SURNAME)) and self.raw[0].isupper()

    @property
    def _is_capitalised(self) -> bool:
        return self.raw[0].isupper() and len(self.folded) >= _SHORTEST

    @property
    def is_initial(self) -> bool:
        """Tell whether it is one letter, or two with a full stop."""
        return self.raw[0].isupper() and len(self.folded) <= 1 + self.raw.endswith(".")
