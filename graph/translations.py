"""Translations: what a language tag tells of the text that a machine or a person translated.

A text that was translated carries the language that it came from: `et-t-en`. That a machine did it
is said by the field `t0`: `et-t-en-t0-und`, where the last part may name the machine (RFC 6497;
Unicode LDML, "T extension").
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

_FIELD = re.compile(r"[a-z][0-9]")


class Origin(NamedTuple):
    """The language of a text without what was done to it, and where the text came from.

    `source` is the language that it was translated from, empty where the tag does not say;
    `machine` tells whether a machine translated it.
    """

    language: str
    source: str = ""
    machine: bool = False


@lru_cache(maxsize=1024)
def origin(tag: str) -> Origin:
    """Read a language tag; what is no translation has itself as its language (RFC 6497, 2.2)."""
    stated = tag.casefold().partition("-x-")[0]
    language, translated, after = stated.partition("-t-")
    if not translated:
        return Origin(tag)
    subtags = list(takewhile(lambda subtag: len(subtag) > 1, after.split("-")))
    source = takewhile(lambda subtag: _FIELD.fullmatch(subtag) is None, subtags)
    return Origin(language, "-".join(source), "t0" in subtags)


def is_machine_translation(tag: str) -> bool:
    """Tell whether a tag says that a machine translated its text."""
    return "-" in tag and origin(tag).machine
