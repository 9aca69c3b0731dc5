"""Merging: what identifiers join by themselves, where one in twenty of them is mistyped."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from benchmarks.matching.gold import ROR
from graph.identities.clusters import Shared, resolve
from graph.identities.schemes import identifier
from ontology import expand

_MISTYPED = 0.05
_MATCH = expand("skos:exactMatch")


@dataclass(frozen=True, slots=True)
class Merged:
    """How many of the things of a list were joined to the right and to a wrong organisation."""

    things: int
    right: int
    wrong: int
    refused: int


def merge_mistyped() -> Merged:
    """Join a list to the records of ROR by ROR and Wikidata identifiers, some mistyped."""
    chance = Random(6)
    held: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    bearers: dict[tuple[str, str], set[str]] = defaultdict(set)
    things = 0
    for key, addresses in _records():
        things += 1
        for source in ("register", "list"):
            for address in addresses:
                written = _mistyped(address, chance) if source == "list" else address
                borne = identifier(_MATCH, written)
                if borne is not None:
                    thing = f"organisation/{source}-{key}"
                    held[thing][borne[0]].add(borne[1])
                    bearers[borne].add(thing)
    shared = [
        Shared(*borne, tuple(sorted(bearing)))
        for borne, bearing in sorted(bearers.items())
        if len(bearing) > 1
    ]
    found = resolve([], shared, held, held.keys())
    pairs = [(_key(thing), _key(to)) for thing, to in found.canonical.items()]
    right = sum(thing == to for thing, to in pairs)
    return Merged(things, right, len(pairs) - right, len(found.conflicts))


def _records() -> Iterator[tuple[str, list[str]]]:
    with gzip.open(ROR, "rt", encoding="utf-8") as file:
        for line in file:
            told = json.loads(line)
            yield told["id"].rsplit("/", 1)[1], [told["id"], *_wikidata(told["external_ids"])]


def _wikidata(told: Any) -> list[str]:  # noqa: ANN401  # a list in version 2, an object in version 1
    found: Any = []
    if isinstance(told, list):
        found = [key for item in told if item["type"] == "wikidata" for key in item["all"]]
    else:
        found = told.get("Wikidata", {}).get("all", [])
    keys: list[str] = found if isinstance(found, list) else [found]
    return [f"http://www.wikidata.org/entity/{key}" for key in keys]


def _mistyped(address: str, chance: Random) -> str:
    if chance.random() >= _MISTYPED:
        return address
    before, slash, key = address.rpartition("/")
    place = chance.randrange(1, len(key))
    letters = "0123456789" if key.startswith("Q") else "0123456789abcdefghjkmnpqrstvwxyz"
    return before + slash + key[:place] + chance.choice(letters) + key[place + 1 :]


def _key(thing: str) -> str:
    return thing.rpartition("-")[2]
