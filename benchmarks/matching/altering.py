"""Altering: write a name in another way, as other lists do."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from random import Random

from anyascii import anyascii

# Written for the gold set alone: the matcher knows none of these.
_SHORTENED = {
    "university": "Univ.", "universität": "Uni.", "universitat": "Univ.", "université": "Univ.",
    "universidad": "Univ.", "universidade": "Univ.", "università": "Univ.", "uniwersytet": "Uniw.",
    "institute": "Inst.", "institut": "Inst.", "instituto": "Inst.", "istituto": "Ist.",
    "department": "Dept.", "national": "Natl.", "international": "Intl.", "hospital": "Hosp.",
    "research": "Res.", "association": "Assoc.", "society": "Soc.", "foundation": "Found.",
    "centre": "Ctr.", "center": "Ctr.", "laboratory": "Lab.", "technology": "Technol.",
    "science": "Sci.", "sciences": "Sci.", "ministry": "Min.", "and": "&", "und": "u.",
    "für": "f.", "et": "&", "saint": "St.", "gesellschaft": "Ges.", "akademie": "Akad.",
}  # fmt: skip
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe"})
_KEYS = "qwertzuiopasdfghjklyxcvbnm"
_LONG = 6


def cased(name: str, chance: Random) -> str:
    """Write in capitals or in small letters."""
    return name.upper() if chance.random() < 0.7 else name.lower()


def ordered(name: str, chance: Random) -> str:
    """Put the last words before the first, as registers do."""
    words = name.split()
    if len(words) < 2:
        return name
    cut = chance.randrange(1, len(words))
    return " ".join(words[cut:]) + ", " + " ".join(words[:cut])


def abbreviated(name: str, chance: Random) -> str:
    """Shorten what is usually shortened, or else one long word."""
    words = name.split()
    made = [_SHORTENED.get(word.lower().strip(",."), word) for word in words]
    if made == words:
        long = [place for place, word in enumerate(words) if len(word) > _LONG]
        if not long:
            return name
        place = chance.choice(long)
        made[place] = words[place][: chance.randint(4, 5)] + "."
    return " ".join(made)


def transliterated(name: str, chance: Random) -> str:
    """Write without accents and in Latin letters."""
    if chance.random() < 0.5:
        return anyascii(unicodedata.normalize("NFC", name).translate(_SPELLED))
    return anyascii(name)


def mistyped(name: str, chance: Random) -> str:
    """Make one typing error, in long names sometimes two."""
    letters = list(name)
    for _ in range(2 if len(letters) > 20 and chance.random() < 0.3 else 1):
        places = [place for place, letter in enumerate(letters[1:-1], 1) if letter.isalpha()]
        if not places:
            break
        place = chance.choice(places)
        match chance.randrange(4):
            case 0:
                letters[place], letters[place + 1] = letters[place + 1], letters[place]
            case 1:
                del letters[place]
            case 2:
                letters.insert(place, letters[place])
            case _:
                letters[place] = chance.choice(_KEYS)
    return "".join(letters)


ALTERATIONS: Mapping[str, Callable[[str, Random], str]] = {
    "case": cased,
    "order": ordered,
    "abbreviation": abbreviated,
    "transliteration": transliterated,
    "typing error": mistyped,
}
