"""Identities: apply the ledger and shared identifiers to the sources of a build."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

import polars as pl

import ontology
from graph.identities.clusters import Held, Resolution, Shared, resolve
from graph.identities.ledger import Judgement, read_ledger
from graph.identities.redirects import write_redirects
from graph.identities.schemes import SCHEMES, identifier
from graph.identity import Identity
from graph.report import IdentityReport
from graph.terms import Term, text
from loaders.building.check import Checked
from loaders.building.parts import equal_parts
from loaders.building.preferring import demoted
from loaders.engine import Engine, Keys
from loaders.receipts import Statement
from loaders.statements import Written, write_lines

SOURCE = "identities"

_COUNTRY = ontology.Property.COUNTRY
_SAME = ontology.expand("owl:sameAs")
_SAID_ALIKE = "two sources say the same of what is one"
_TAIL = 6  # letters at the end of an identifier that its writings share
_XSD = "http://www.w3.org/2001/XMLSchema#"
_LITERAL = re.compile(r'"(.*)"(?:@[A-Za-z0-9-]+|\^\^<.*>)?', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Identities:
    """What is one in a build: the resolution, and the keys to write instead, by kind.

    `demoted` are the names that another one of a merged thing stands before; `parts` counts the
    participations and amounts among what is one.
    """

    resolution: Resolution = field(default_factory=Resolution)
    merged: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    demoted: pl.DataFrame | None = None
    parts: int = 0

    def report(self) -> IdentityReport:
        """Give what was merged, and what was not and why."""
        found = self.resolution
        return IdentityReport(
            judged=found.judged, shared=found.shared, parts=self.parts, conflicts=found.conflicts
        )


def identify(
    sources: Sequence[Checked],
    identity: Identity,
    known: Keys,
    ledger: Path | None,
    hidden: Callable[[str], bool] = lambda _: False,
) -> Identities:
    """Decide which entities of the sources are one, by the ledger and by shared identifiers.

    `hidden` names IRIs of which a release says nothing. LedgerError where the ledger is wrong.
    """

    def is_hidden(thing: str) -> bool:
        return hidden(f"{identity.base}id/{thing}")

    read = [] if ledger is None else read_ledger(ledger)
    judgements = [item for item in read if not any(map(is_hidden, (item.left, item.right)))]
    stated = _stated(sources, identity)
    held, shared = _identifiers(stated, judgements)
    shared = [found for found in shared if not any(map(is_hidden, found.things))]
    things = {name for item in judgements for name in (item.left, item.right)}
    things.update(name for found in shared for name in found.things)
    resolution = resolve(judgements, shared, held, _existing(things, known))
    canonical = resolution.canonical
    parts = equal_parts(sources, identity, known, canonical)
    resolution = replace(
        resolution,
        canonical={**canonical, **parts},
        why={**resolution.why, **dict.fromkeys(parts, (_SAID_ALIKE,))},
    )
    merged = _by_kind(resolution.canonical)
    return Identities(resolution, merged, demoted(sources, identity, canonical), len(parts))


def write_identities(
    identities: Identities, identity: Identity, ledger: Path | None, work: Path, release: Path
) -> list[Written]:
    """Write the redirects of a release, and its `owl:sameAs` statements with their receipts.

    Each statement stands in the graph of its row of that file. No file where nothing is merged.
    """
    resolution = identities.resolution
    if not resolution.canonical:
        return []
    file = write_redirects(release, resolution)
    stated, merged = work / f"{SOURCE}.stated.nq", work / f"{SOURCE}.merged.nq"
    ordered = sorted(resolution.canonical.items())
    same = [
        (_iri(identity, to), Term("uri", _SAME), _iri(identity, thing)) for thing, to in ordered
    ]
    with stated.open("wb") as lines:
        write_lines(_about(identity, file, ledger), lines)
        rows = [Term("uri", identity.row(SOURCE, number)) for number in range(2, len(same) + 2)]
        write_lines(((*item, row) for item, row in zip(same, rows, strict=True)), lines)
        write_lines(_receipts(identity, resolution, ordered, rows), lines)
    with merged.open("wb") as lines:
        write_lines(iter(same), lines)
    return [Written.whole(SOURCE, stated, merged, len(same))]


def _stated(sources: Sequence[Checked], identity: Identity) -> pl.DataFrame:
    """Give all statements of identifiers and of countries: `s`, `p`, `o` as written."""
    wanted = {*SCHEMES, _COUNTRY}
    frames = [pl.DataFrame(schema=dict.fromkeys(("s", "p", "o"), pl.String))]
    for source in sources:
        engine = Engine(source.mapping, identity)
        if any(
            item.name in SCHEMES
            for entity in source.mapping.entities.values()
            for item in entity.properties
        ):
            for strand in engine.some_strands(source.good, wanted):
                p = pl.lit(strand.predicate)
                frames.append(strand.frame.select("s", p.alias("p"), "o").unique())
    prefix = f"<{identity.base}id/"
    gathered = pl.concat(frames).unique().filter(pl.col("s").str.starts_with(prefix))
    return gathered.with_columns(
        pl.col("s").str.strip_prefix(prefix).str.strip_suffix(">"),
        pl.col("o").str.strip_prefix(prefix),
    ).sort("s", "p", "o")


def _identifiers(
    stated: pl.DataFrame, judgements: Sequence[Judgement]
) -> tuple[Held, list[Shared]]:
    """Give the identifiers of all things that may share one, and those that are shared.

    Values are checked one by one, and therefore only those whose end stands at two things.
    """
    named = pl.Series(
        [name for item in judgements for name in (item.left, item.right)], dtype=pl.String
    )
    tails = stated.filter(pl.col("p") != _COUNTRY).with_columns(
        tail=pl.col("o").str.to_uppercase().str.replace_all("[^A-Z0-9]", "").str.tail(_TAIL)
    )
    touching = tails.filter(pl.col("s").n_unique().over("p", "tail") > 1)["s"]
    chosen = pl.concat([touching, named]).unique()
    rows = stated.filter(pl.col("s").is_in(chosen.implode()))
    countries: dict[str, set[str]] = defaultdict(set)
    for thing, _, value in rows.filter(pl.col("p") == _COUNTRY).iter_rows():
        countries[thing].add(value.removeprefix("country/").rstrip(">"))
    held: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    bearers: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for thing, property_, value in rows.filter(pl.col("p") != _COUNTRY).iter_rows():
        found = identifier(property_, _plain(value), countries[thing])
        if found is not None:
            held[thing][found[0]].add(found[1])
            bearers[(*found, thing.partition("/")[0])].add(thing)
    for thing, named_countries in countries.items():
        held[thing]["country"] = named_countries
    shared = [
        Shared(scheme, value, tuple(sorted(things)))
        for (scheme, value, _), things in sorted(bearers.items())
        if len(things) > 1
    ]
    return held, shared


def _plain(term: str) -> str:
    literal = _LITERAL.fullmatch(term)
    return literal[1] if literal else term.strip("<>")


def _existing(things: Collection[str], known: Keys) -> set[str]:
    found: set[str] = set()
    by_kind: dict[str, dict[str, str]] = defaultdict(dict)
    for thing in things:
        kind, _, key = thing.partition("/")
        by_kind[kind][unquote(key)] = thing
    for kind, keys in by_kind.items():
        if kind in known:
            there = known[kind].filter(known[kind].is_in(list(keys)))
            found.update(keys[key] for key in there.to_list())
    return found


def _by_kind(canonical: Mapping[str, str]) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for thing, to in canonical.items():
        kind, _, key = thing.partition("/")
        found[kind][unquote(key)] = unquote(to.partition("/")[2])
    return found


def _iri(identity: Identity, thing: str) -> Term:
    return Term("uri", f"{identity.base}id/{thing}")


def _about(identity: Identity, file: Path, ledger: Path | None) -> Iterator[Statement]:
    graph = Term("uri", identity.graph("receipts"))
    source = Term("uri", identity.entity("source", SOURCE))
    table = Term("uri", identity.table(SOURCE))
    origin = "shared identifiers" if ledger is None else f"{ledger.name} and shared identifiers"
    about = (
        (source, "rdf:type", Term("uri", ontology.Class.SOURCE)),
        (source, "dcterms:title", text(f"Who is who: from {origin}", "en")),
        (table, "rdf:type", Term("uri", ontology.Class.TABLE)),
        (table, "sikg:fromSource", source),
        (table, "sikg:fileName", Term("literal", file.name)),
        (table, "sikg:sha256", Term("literal", hashlib.sha256(file.read_bytes()).hexdigest())),
    )
    for subject, name, value in about:
        yield subject, Term("uri", ontology.declared(name)), value, graph


def _receipts(
    identity: Identity,
    resolution: Resolution,
    ordered: Sequence[tuple[str, str]],
    rows: Sequence[Term],
) -> Iterator[Statement]:
    graph = Term("uri", identity.graph("receipts"))
    table = Term("uri", identity.table(SOURCE))
    for (thing, _), (number, row) in zip(ordered, enumerate(rows, start=2), strict=True):
        at = Term("literal", str(number), None, f"{_XSD}integer")
        yield row, Term("uri", ontology.Property.FROM_TABLE), table, graph
        yield row, Term("uri", ontology.Property.ROW_NUMBER), at, graph
        for reason in resolution.why[thing]:
            yield row, Term("uri", ontology.Property.CITED_SOURCE), Term("literal", reason), graph
