"""As written: what people wrote of things that stand for others now, kept so that they can part.

A statement about a merged thing stands in its graph as one about the canonical thing, as those of
rows do; a name that it prefers is an alternative one there. The statement as it was written stays
in a file of the release, from which the next build starts: when a judgement is withdrawn, it says
again what it said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graph.errors import QueryError, StorageError, disk_error
from graph.formats import NQUADS
from graph.identities.redirects import Redirects
from graph.identity import Identity
from graph.store.subjects import parse_quads
from graph.store.writing import Change, Quad
from graph.terms import Term, n3
from ontology import expand

FILE = "edits-as-written.nq"

_PREFERRED, _ALTERNATIVE = (
    Term("uri", expand(f"skos:{name}")) for name in ("prefLabel", "altLabel")
)
_SAME = Term("uri", expand("owl:sameAs"))


@dataclass(slots=True)
class AsWritten:
    """Which address stands for which, and what was written where that is of a merged thing.

    `written` gives, by statement as it stands, those that people wrote.
    """

    canonical: Mapping[str, str] = field(default_factory=dict)
    written: dict[Quad, set[Quad]] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path, identity: Identity) -> AsWritten:
        """Read what a release holds of it; StorageError if that is damaged."""
        found = cls(Redirects.read(folder).addresses(identity))
        path = folder / FILE
        try:
            quads = parse_quads(path.read_bytes(), NQUADS)
        except FileNotFoundError:
            return found
        except QueryError as error:
            raise StorageError(f"{path} is damaged: build again") from error
        except OSError as error:
            raise disk_error(path, error) from error
        for quad in quads:
            found.written.setdefault(found.standing(quad), set()).add(quad)
        return found

    def write(self, folder: Path, has: Callable[[Quad], bool]) -> None:
        """Write the file of a release, of what still stands there; none where there is nothing."""
        lines = sorted(
            " ".join(map(n3, quad)) + " .\n"
            for standing, written in self.written.items()
            if has(standing)
            for quad in written
        )
        if lines:
            (folder / FILE).write_text("".join(lines), encoding="utf-8")

    def standing(self, quad: Quad) -> Quad:
        """Give a statement as it stands: of the things that are meant."""
        subject, predicate, value = (self._meant(term) for term in quad[:3])
        if predicate == _PREFERRED and subject != quad[0]:
            predicate = _ALTERNATIVE
        if predicate == _SAME and subject == value:  # else it would say nothing
            return quad
        return (subject, predicate, value, *quad[3:])

    def followed(self, change: Change, has: Callable[[Quad], bool]) -> Change:
        """Give a change as it is to be made, and remember what was written.

        What is removed is so in either writing.
        """
        if not self.canonical:
            return change
        gone = set(change.removed)
        meant: dict[Quad, set[Quad]] = {}
        for quad in change.inserted:
            meant.setdefault(self.standing(quad), set()).add(quad)
        for standing, new in meant.items():
            if new == {standing} and standing not in self.written:
                continue
            before = self.written.pop(standing, {standing})
            written = new | before if has(standing) and standing not in gone else new
            if written != {standing}:
                self.written[standing] = written
        removed = [found for quad in change.removed for found in {quad, self.standing(quad)}]
        return Change(removed, list(meant), change.created, change.dropped)

    def restored(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Give statements as they were written, from those that stand."""
        for quad in quads:
            yield from self.written.get(quad, {quad})

    def _meant(self, term: Term) -> Term:
        to = self.canonical.get(term.value) if term.kind == "uri" else None
        return term if to is None else Term("uri", to)
