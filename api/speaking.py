"""How pages write texts and things: with their language, and what is told of it.

Written here and not in a template: a page says hundreds of them, and a macro takes five times as
long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup, escape

from graph.translations import origin
from ontology import SIKG
from visualisations.wording import Wording

_UNDETERMINED = "und"


class Spoken(Protocol):
    """A text, its language, and whether that is the one that was asked for."""

    @property
    def text(self) -> str:
        """Give the text."""
        raise NotImplementedError

    @property
    def language(self) -> str:
        """Give the tag of its language; empty where it has none."""
        raise NotImplementedError

    @property
    def asked(self) -> bool:
        """Tell whether it is as the reader wants it."""
        raise NotImplementedError


class Linked(Protocol):
    """A thing with its label, and its page where it is one of ours."""

    @property
    def iri(self) -> str:
        """Give its IRI."""
        raise NotImplementedError

    @property
    def label(self) -> Spoken:
        """Give what it is called."""
        raise NotImplementedError

    @property
    def page(self) -> str | None:
        """Give the path of its page."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Speech:
    """Writes texts and things in pages of one language; everything that is given is escaped."""

    words: Wording

    def spoken(self, text: str, language: str | None) -> Markup:
        """Write a text with its language; a translation says by whom, and from which."""
        return Markup(self._spoken(text, language))  # noqa: S704  # escaped there

    def text(self, label: Spoken) -> Markup:
        """Write a label for the reader; a fallback says in which language it is."""
        return Markup(self._text(label))  # noqa: S704  # escaped there

    def link(self, thing: Linked) -> Markup:
        """Write a link to the page of a thing; to its IRI where that is one of others."""
        address, iri = thing.page, thing.iri
        if not address and iri.startswith(SIKG):
            address = f"/ontology#{iri.removeprefix(SIKG)}"
        if address:
            written = f'<a href="{escape(address)}">{self._text(thing.label)}</a>'
        elif iri.startswith(("http://", "https://")):
            shown = escape(iri)
            written = f'<a href="{shown}" rel="external noreferrer">{shown}</a>'
        else:
            written = escape(iri)
        return Markup(written)  # noqa: S704  # escaped above

    def _spoken(self, text: str, language: str | None) -> str:
        if not language or language == _UNDETERMINED:
            return f'<span dir="auto">{escape(text)}</span>'
        said = f'<span lang="{escape(language)}" dir="auto">{escape(text)}</span>'
        return said + self._translated(language) if "-t-" in language else said

    def _text(self, label: Spoken) -> str:
        said = self._spoken(label.text, label.language)
        if label.asked or not label.language:
            return said
        told = escape(self.words.gettext("Not available in your language"))
        tag = escape(origin(label.language).language)
        return f'{said} <span class="fallback" title="{told}">[{tag}]</span>'

    def _translated(self, language: str) -> str:
        found, words = origin(language), self.words
        by_machine = words.gettext("machine translation")
        told = by_machine if found.machine else words.gettext("translation")
        if found.source:
            told += f" ({words.tongue(found.source)} → {words.tongue(found.language)})"
        return f' <span class="tag">{escape(told)}</span>'
