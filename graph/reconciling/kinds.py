"""Types of what names are reconciled with: the kinds of things, and the classes above several."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ontology import SIKG, compact, labels, segments, superclasses


@dataclass(frozen=True, slots=True)
class Type:
    """A type: its id and IRI, the kinds of things that are of it, and the types right above it."""

    id: str
    iri: str
    kinds: frozenset[str]
    broader: tuple[str, ...] = ()


def short(iri: str) -> str:
    """Call a class or property by its local name if it is ours, else by its prefixed name."""
    return iri.removeprefix(SIKG) if iri.startswith(SIKG) else compact(iri)


@lru_cache(maxsize=32)  # the kinds of a release are the same for all questions
def types_of(kinds: tuple[str, ...]) -> Mapping[str, Type]:
    """Give the types of some kinds by id: one a kind, and each class above at least two of them."""
    classes = segments()
    held: dict[str, set[str]] = {classes[kind]: {kind} for kind in kinds if kind in classes}
    for kind in kinds:
        for above in superclasses(classes[kind]) if kind in classes else ():
            if labels(above):
                held.setdefault(above, set()).add(kind)
    own = {classes[kind] for kind in kinds if kind in classes}
    kept = {iri: found for iri, found in held.items() if iri in own or len(found) > 1}
    return {
        short(iri): Type(short(iri), iri, frozenset(found), _broader(iri, kept))
        for iri, found in sorted(kept.items(), key=lambda item: (item[0] not in own, item[0]))
    }


def _broader(iri: str, kept: Collection[str]) -> tuple[str, ...]:
    """Give the kept classes above one with no other kept class between them."""
    above = [parent for parent in superclasses(iri) if parent in kept]
    between = {higher for parent in above for higher in superclasses(parent)}
    return tuple(short(parent) for parent in sorted(set(above) - between))


def find_type(known: Mapping[str, Type], name: str) -> Type | None:
    """Find a type by its id, IRI, prefixed name or kind; None if there is none."""
    if name in known:
        return known[name]
    kind = segments().get(name, "")
    return next((item for item in known.values() if name == compact(item.iri)), None) or next(
        (item for item in known.values() if item.iri in {name, kind}), None
    )
