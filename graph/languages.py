"""Languages: which official language of the Union a text is written in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# Regulation No 1/1958, article 1, by their codes in ISO 639-1.
OFFICIAL = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr"),
    *("hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv"),
)


@dataclass(frozen=True, slots=True)
class Guess:
    """A language by its tag, and how likely it is the language of the text, from 0 to 1."""

    tag: str
    confidence: float


class Detector:
    """Guesses the language of texts; making one takes about a second and 70 MB of memory."""

    def __init__(self, languages: Collection[str] = OFFICIAL) -> None:
        self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        self._identifier.set_languages(list(languages))

    def guess(self, text: str) -> Guess:
        """Give the likeliest language; short texts and names of organisations tell little."""
        return self.rank(text)[0]

    def rank(self, text: str) -> list[Guess]:
        """Give all languages, the likeliest first; their confidences add up to 1."""
        ranked = self._identifier.rank(text)
        return [Guess(str(tag), float(confidence)) for tag, confidence in ranked]
