"""Scalars: values in a mapping file, each in one line.

Everything that stands in a table goes through `quoted`, so that no cell can add a line or a key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_UNWRITTEN = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029\ufeff\ud800-\udfff]")
_PLAIN_KEY = re.compile(r"[a-z_]{2,}")


def flow(value: Any) -> str:  # noqa: ANN401  # any YAML value
    """Write a value in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return quoted(str(value))


def quoted(text: str) -> str:
    """Write text as a scalar in double quotes, whose escapes JSON and YAML share."""
    written = json.dumps(text, ensure_ascii=False)
    return _UNWRITTEN.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def shown(text: str, width: int) -> str:
    """Shorten text to one line of at most so many characters, for a comment."""
    plain = " ".join(_UNWRITTEN.sub(" ", text).split())
    return plain if len(plain) <= width else plain[: width - 1] + "…"


def _key(key: str) -> str:
    # The reader of mappings takes every scalar as text: `no` is no exception.
    return key if _PLAIN_KEY.fullmatch(key) else quoted(key)
