"""Takedowns: what no release may tell any more, one line each of a readable file.

`what` is `iri` with the address of an entity, `name` with a salted hash of a name, or `row` with a
source and the number of a row (`source#12`). A name is compared without regard to case, accents,
script, marks and the order of its words. The file says names as hashes only, so that the list of
those who must not be named is none; but a name that somebody guesses can be checked against it,
and so it belongs to the private files of a workspace.

A release keeps in `takedowns.json` what was applied to it, as hashes: writes are checked against
them, and releases that lack some are removed.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal, cast, get_args

from anyascii import anyascii

from graph.identity import Identity
from graph.kept import FORMULA, read_table, write_table
from graph.terms import is_absolute_iri

What = Literal["iri", "name", "row"]

COLUMNS = ("what", "value", "reason", "date")
NAME = "takedowns.csv"
APPLIED = "takedowns.json"

_HASH = re.compile(r"sha256:([0-9a-f]{32}):([0-9a-f]{64})")
_ROW = re.compile(r"([a-z][a-z0-9-]*)#([1-9][0-9]{0,9})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BETWEEN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Takedown:
    """One line: what was taken down, why and when."""

    what: What
    value: str
    reason: str
    date: date

    @classmethod
    def of(cls, what: str, value: str, reason: str, day: str) -> Takedown:
        """Check the cells of a line; ValueError says what is wrong with one."""
        if what not in get_args(What):
            raise ValueError(f"{what!r} is none of {', '.join(get_args(What))}")
        if what == "iri" and not is_absolute_iri(value):
            raise ValueError(f"{value!r} is no absolute address")
        if what == "name" and not _HASH.fullmatch(value):
            raise ValueError("a name is sha256:SALT:HASH, as sikg takedown --name writes it")
        if what == "row" and not _ROW.fullmatch(value):
            raise ValueError(f"{value!r} is no source and row such as my-source#12")
        if not reason or "\n" in reason or reason.startswith(FORMULA):
            raise ValueError("the reason is to be a line of text, and no formula")
        if not _DAY.fullmatch(day):
            raise ValueError(f"{day!r} is no day such as 2026-11-22")
        return cls(cast("What", what), value, reason, date.fromisoformat(day))

    def cells(self) -> list[str]:
        """Write the takedown as the cells of its line."""
        return [self.what, self.value, self.reason, self.date.isoformat()]

    @property
    def mark(self) -> str:
        """Give a hash by which a release says that the takedown was applied."""
        return _sha256(f"{self.what} {self.value}")


@dataclass(frozen=True)
class Takedowns:
    """What was taken down; empty where there is no file."""

    entries: Sequence[Takedown] = ()

    def holds(self, iri: str) -> bool:
        """Tell whether an IRI was taken down."""
        return iri in self.iris

    def holds_name(self, text: str) -> bool:
        """Tell whether a text is a name that was taken down."""
        plain = plain_name(text)
        return bool(plain) and any(
            _salted(salt, plain) in hashes for salt, hashes in self._names.items()
        )

    @property
    def has_names(self) -> bool:
        """Tell whether any name was taken down."""
        return bool(self._names)

    def keys(self, identity: Identity, segment: str) -> list[str]:
        """Give the keys that were taken down of one kind of entity."""
        found = filter(None, map(identity.parse, sorted(self.iris)))
        return [reference.key for reference in found if reference.segment == segment]

    def rows(self, source: str) -> list[int]:
        """Give the numbers of the rows of a source that were taken down."""
        found = (_ROW.fullmatch(item.value) for item in self.entries if item.what == "row")
        return [int(row[2]) for row in found if row and row[1] == source]

    def write_applied(self, folder: Path) -> None:
        """Keep in a release what was applied to it, as hashes."""
        salt = secrets.token_hex(16)
        document = {
            "salt": salt,
            "iris": sorted(_salted(salt, iri) for iri in self.iris),
            "names": {name: sorted(hashes) for name, hashes in self._names.items()},
            "applied": sorted(item.mark for item in self.entries),
        }
        (folder / APPLIED).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")

    @cached_property
    def iris(self) -> frozenset[str]:
        """Give the IRIs that were taken down."""
        return frozenset(item.value for item in self.entries if item.what == "iri")

    @cached_property
    def _names(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for item in self.entries:
            named = _HASH.fullmatch(item.value) if item.what == "name" else None
            if named:
                found.setdefault(named[1], set()).add(named[2])
        return {salt: frozenset(hashes) for salt, hashes in found.items()}


@dataclass(frozen=True, slots=True)
class Applied:
    """What was applied to a release, as hashes that a text can be compared with."""

    salt: str = ""
    iris: frozenset[str] = frozenset()
    names: dict[str, frozenset[str]] = field(default_factory=dict)
    marks: frozenset[str] = frozenset()

    @classmethod
    def read(cls, folder: Path) -> Applied:
        """Read what was applied to the release in a folder: nothing, where it does not say."""
        try:
            found = json.loads((folder / APPLIED).read_bytes())
            return cls(
                found["salt"],
                frozenset(found["iris"]),
                {salt: frozenset(hashes) for salt, hashes in found["names"].items()},
                frozenset(found["applied"]),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def holds(self, value: str, *, literal: bool = False) -> bool:
        """Tell whether an IRI, or the name that a literal is, was taken down."""
        if not literal:
            return bool(self.iris) and _salted(self.salt, value) in self.iris
        if not self.names:
            return False
        plain = plain_name(value)
        return any(_salted(salt, plain) in hashes for salt, hashes in self.names.items())


def read_takedowns(path: Path | None) -> Takedowns:
    """Read and check a file of takedowns; no file is none. InputError names line and cause."""
    if path is None:
        return Takedowns()
    return Takedowns(tuple(read_table(path, COLUMNS, _entry, named="list of takedowns")))


def _entry(cells: list[str], _: int) -> Takedown:
    what, value, reason, day = cells
    return Takedown.of(what, value, reason, day)


def add_takedown(path: Path, entry: Takedown) -> None:
    """Add a line to a file of takedowns, which is made where there is none."""
    known = read_takedowns(path) if path.exists() else Takedowns()
    if any((item.what, item.value) == (entry.what, entry.value) for item in known.entries):
        return
    lines = (item.cells() for item in (*known.entries, entry))
    write_table(path, COLUMNS, lines, mode=0o600)


def hashed_name(name: str, salts: Collection[str] = ()) -> str:
    """Give a name as a file of takedowns holds it, with one of the salts in use or a new one."""
    plain = plain_name(name)
    if not plain:
        raise ValueError("the name has no letters")
    salt = next(iter(sorted(salts)), None) or secrets.token_hex(16)
    return f"sha256:{salt}:{_salted(salt, plain)}"


def salts_of(takedowns: Takedowns) -> list[str]:
    """Give the salts in use: with one for all, a name is hashed once to be compared."""
    found = (_HASH.fullmatch(item.value) for item in takedowns.entries if item.what == "name")
    return sorted({named[1] for named in found if named})


def plain_name(text: str) -> str:
    """Write a name in small Latin letters, its words in order: `Żak, Jan` is `jan zak`."""
    return " ".join(sorted(filter(None, _BETWEEN.split(anyascii(text).lower()))))


def _salted(salt: str, text: str) -> str:
    return _sha256(f"{salt} {text}")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
