"""Languages of pages: which a reader asked for, how to switch, and how a choice stays.

There are no cookies: a language that was chosen stands in the address, as `lang`. So that it
is not lost with the next step, the links and forms of a page in a chosen language carry it too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from babel import Locale

from api.navigation import TIMELESS, TRANSLATED
from visualisations.wording import wordings

PARAMETER = "lang"
TAG = r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"
LONGEST_TAG = 40  # letters
RELEASE = "release"
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_LINK = re.compile(r'(<a\s[^>]*?href=")([/?][^"]*)(")')
_FORM = re.compile(r'<form\s[^>]*?action="([/?][^"]*)"[^>]*>')


class ReaderLanguages(tuple[str, ...]):  # noqa: SLOT001  # a tuple has no room for slots
    """The languages of a reader, the most wanted first, and the query string that he asked with.

    `chosen` is the language that stands in the address, None where there is none.
    """

    asked: str = ""
    chosen: str | None = None

    @classmethod
    def of(cls, accepted: Iterable[str], asked: str, chosen: str | None = None) -> ReaderLanguages:
        """Put a chosen language before the accepted ones."""
        made = cls(accepted if chosen is None else (chosen, *accepted))
        made.asked, made.chosen = asked, chosen
        return made


class Switch(NamedTuple):
    """A link to the same page in another language, which has its name in that language."""

    language: str
    name: str
    address: str


def chosen_in(asked: str) -> str | None:
    """Read the language of a query string; None if there is none, or no tag of a language."""
    value = dict(parse_qsl(asked)).get(PARAMETER, "")
    return value if len(value) <= LONGEST_TAG and re.fullmatch(TAG, value) else None


def switches(languages: Sequence[str]) -> tuple[Switch, ...]:
    """Give the links to a page in all languages; none where its address is not known."""
    if not isinstance(languages, ReaderLanguages):
        return ()
    kept = [(name, value) for name, value in _pairs(languages.asked) if name != PARAMETER]
    return tuple(
        Switch(language, _own_name(language), f"?{urlencode([*kept, (PARAMETER, language)])}")
        for language in wordings()
    )


def release_in(languages: Sequence[str]) -> int | None:
    """Read which release stands in the address of a page; None if there is none."""
    asked = languages.asked if isinstance(languages, ReaderLanguages) else ""
    value = dict(parse_qsl(asked)).get(RELEASE, "")
    return int(value) if _NUMBER.fullmatch(value) else None


def kept(page: str, languages: Sequence[str]) -> str:
    """Write a chosen language and release into the links and forms that lead to our pages.

    Links that name one already keep it, and those to data and to others stay as they are.
    """
    chosen: dict[str, str] = {}
    if isinstance(languages, ReaderLanguages) and languages.chosen is not None:
        chosen[PARAMETER] = languages.chosen
    release = release_in(languages)
    if release is not None:
        chosen[RELEASE] = str(release)
    if not chosen:
        return page

    def link(found: re.Match[str]) -> str:
        return f"{found[1]}{escape(_with(unescape(found[2]), chosen))}{found[3]}"

    def form(found: re.Match[str]) -> str:
        address = unescape(found[1])
        if 'method="post"' in found[0].lower():
            return found[0]
        fields = (
            f'<input type="hidden" name="{name}" value="{escape(value)}">'
            for name, value in chosen.items()
            if _is_page(address, name)
        )
        return found[0] + "".join(fields)

    return _FORM.sub(form, _LINK.sub(link, page))


def _with(address: str, chosen: Mapping[str, str]) -> str:
    if not _is_page(address, PARAMETER):
        return address
    parts = urlsplit(address)
    pairs = _pairs(parts.query)
    named = {name for name, _ in pairs}
    added = [
        (name, value)
        for name, value in chosen.items()
        if name not in named and _is_page(address, name)
    ]
    return parts._replace(query=urlencode([*pairs, *added])).geturl() if added else address


def _is_page(address: str, parameter: str) -> bool:
    path = address.partition("?")[0].partition("#")[0]
    first, last = path.lstrip("/").partition("/")[0], path.rpartition("/")[2]
    # A suffix asks for data. What begins with two strokes is the address of another host.
    taking = TRANSLATED - TIMELESS if parameter == RELEASE else TRANSLATED
    return first in taking and "." not in last and not path.startswith("//")


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


@cache
def _own_name(language: str) -> str:
    return Locale.parse(language).get_display_name(language) or language
