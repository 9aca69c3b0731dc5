"""Corrections that readers propose: kept for review, accepted into a graph of edits, or refused.

    {home}/corrections/{id}.json    one proposal of a reader, readable by the operator only

Nothing of who proposed it is kept, and no text that looks like an address of a person. Accepting
one adds a statement by hand. Where it is to stand instead of another, that one is overruled: it
stays with the row that states it, and leaves the default graph.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from graph.correcting import corrected_value
from graph.errors import (
    ForbiddenError,
    NotFoundError,
    ParameterError,
    SikgError,
    disk_error,
)
from graph.identity import Identity
from graph.release import Release, Releases
from graph.store.writing import WritableStore
from graph.terms import Term, is_absolute_iri, is_language, n3
from graph.writing import place
from graph.writing.overruling import Overruled, graph_of_corrections, overruling
from graph.writing.requests import Outcome, Write
from graph.writing.writer import Writer
from ontology import properties

FOLDER = "corrections"
MOST_OPEN = 1_000
LONGEST = 2_000  # characters of a text

_ID = re.compile(r"[0-9a-f]{16}")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_DIGITS = re.compile(r"(?<!\d)\+?(?:[\s()/.-]?\d){9,}(?!\d)")

State = Literal["open", "accepted", "refused"]


class Correction(BaseModel):
    """What a reader proposes: another value of a property of a thing, and why.

    Without a property it is a remark, which an editor acts on by hand. `release` is the one that
    was read, `language` that of a text, and `source` an address where the right value stands.
    `instead` is the value that is wrong, as N-Triples; with none that is right, it is to go.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    proposed: datetime
    release: int
    about: str
    predicate: str = ""
    value: str = ""
    instead: str = ""
    language: str = ""
    reason: str = ""
    source: str = ""
    state: State = "open"
    decided: datetime | None = None

    def term(self, identity: Identity) -> Term:
        """Give the proposed value as its property has it."""
        return corrected_value(identity, self.predicate, self.value, self.language)


def proposed(identity: Identity, release: int, about: str, given: dict[str, str]) -> Correction:
    """Make a correction of what a reader of a release sent.

    ParameterError or ForbiddenError say why not.
    """
    texts = {name: " ".join(text.split()) for name, text in given.items()}
    for name, text in texts.items():
        if len(text) > LONGEST or not text.isprintable():
            raise ParameterError(f"{name} is too long, or holds what cannot be shown")
        if name not in {"source", "instead"} and (_ADDRESS.search(text) or _DIGITS.search(text)):
            raise ForbiddenError(
                f"{name} seems to hold an e-mail address or a telephone number: personal data is "
                "not kept here, so write it without"
            )
    if not any(texts.get(name) for name in ("value", "instead", "reason")):
        raise ParameterError("say what is right, or what is wrong")
    if texts.get("predicate") and texts["predicate"] not in properties():
        raise ParameterError(f"there is no property {texts['predicate'][:200]!r}")
    if texts.get("language") and not is_language(texts["language"]):
        raise ParameterError(f"{texts['language'][:40]!r} is no language tag such as en")
    source = texts.get("source", "")
    if source and not (source.startswith(("http://", "https://")) and is_absolute_iri(source)):
        raise ParameterError("the source is to be a web address")
    correction = Correction(
        id=secrets.token_hex(8),
        proposed=datetime.now(UTC).replace(microsecond=0),
        release=release,
        about=about,
    ).model_copy(update=texts)
    if correction.predicate and correction.value:
        correction.term(identity)
    return correction


class Corrections:
    """The corrections of one home."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folder = home / FOLDER

    def all(self) -> Iterator[Correction]:
        """Give all corrections, the oldest first."""
        found = []
        for path in self._folder.glob("*.json"):
            try:
                found.append(Correction.model_validate_json(path.read_bytes()))
            except (FileNotFoundError, ValidationError):
                continue  # decided meanwhile, or of another version of this program
        yield from sorted(found, key=lambda item: (item.proposed, item.id))

    def add(self, correction: Correction) -> None:
        """Keep a correction for review; ForbiddenError where too many wait already."""
        if sum(item.state == "open" for item in self.all()) >= MOST_OPEN:
            raise ForbiddenError("so many corrections wait for review that no more are taken now")
        self._write(correction)

    def get(self, name: str) -> Correction:
        """Give one correction."""
        path = self._folder / f"{name}.json"
        if not _ID.fullmatch(name) or not path.is_file():
            raise NotFoundError(f"there is no correction {name[:40]!r}")
        return Correction.model_validate_json(path.read_bytes())

    def forget(self, is_forgotten: Callable[[Correction], bool]) -> None:
        """Remove some corrections."""
        for correction in self.all():
            if is_forgotten(correction):
                (self._folder / f"{correction.id}.json").unlink(missing_ok=True)

    def refuse(self, name: str) -> Correction:
        """Refuse a correction."""
        return self._decide(self.get(name), "refused")

    def accept(self, name: str, editor: str) -> Outcome | None:
        """Write a correction into the graph of corrections, as a release of its own.

        A remark without a value is only marked as done. Raises what a write raises.
        """
        correction = self.get(name)
        if correction.state != "open":
            raise ParameterError(f"the correction {name} is {correction.state} already")
        outcome = None
        if correction.predicate and (correction.value or correction.instead):
            outcome = self._written(correction, editor)
        self._decide(correction, "accepted")
        return outcome

    def _written(self, correction: Correction, editor: str) -> Outcome:
        releases = Releases(self._home)
        text = _update(releases.current(), correction).encode()
        write = Write("update", editor, hashlib.sha256(text).hexdigest(), text)
        writer = Writer(releases, place.folder(self._home))
        [answer] = writer.write([write])
        writer.let_go()
        if isinstance(answer, SikgError):
            raise answer
        return answer

    def _decide(self, correction: Correction, state: State) -> Correction:
        now = datetime.now(UTC).replace(microsecond=0)
        decided = correction.model_copy(update={"state": state, "decided": now})
        self._write(decided)
        return decided

    def _write(self, correction: Correction) -> None:
        path = self._folder / f"{correction.id}.json"
        part = path.with_suffix(".part")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.write_text(correction.model_dump_json(indent=1) + "\n", encoding="utf-8")
            part.chmod(0o600)
            part.replace(path)
        except OSError as error:
            raise disk_error(path, error) from error


def _update(release: Release, correction: Correction) -> str:
    """Write the update that an accepted correction is."""
    identity = release.identity
    store = WritableStore.open_read_only(release.store_path)
    graph = graph_of_corrections(identity)
    about, name = Term("uri", correction.about), Term("uri", correction.predicate)
    gone: list[tuple[Term, ...]] = []
    new: list[tuple[Term, ...]] = []
    if correction.instead:
        wrong = _wrong(store, correction, (about, name))
        graphs = set(store.graphs_stating(about, name, wrong))
        if graph in graphs:
            gone.append((about, name, wrong))
        if graphs - {graph}:
            quads = overruling(identity, correction.id, (about, name, wrong))
            new += [quad[:3] for quad in quads]
    if correction.value:
        right = correction.term(identity)
        new.append((about, name, right))
        gone += Overruled(store, identity).of(about, name, right)
    return "".join(
        f"{word} DATA {{ GRAPH <{graph}> {{ {_written(items)} }} }} ;\n"
        for word, items in (("DELETE", gone), ("INSERT", new))
        if items
    )


def _written(statements: Iterable[tuple[Term, ...]]) -> str:
    return " . ".join(" ".join(map(n3, statement)) for statement in statements)


def _wrong(store: WritableStore, correction: Correction, of: tuple[Term, Term]) -> Term:
    """Find the value that is wrong among those there are now."""
    for _, _, value, *_ in store.quads(None, *of):
        if n3(value) == correction.instead:
            return value
    raise ParameterError(
        f"{correction.instead[:80]} is not stated any more: refuse the correction {correction.id}, "
        "and write by hand what is right"
    )
