"""A small release with odd content: markup in names, keys of any character, long lists."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from graph.formats import GRAPH_FORMATS
from graph.identity import Identity
from graph.release import Manifest, Release, Releases
from graph.search import Name, SearchIndex
from graph.store import Store

IDENTITY = Identity()
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

_SIKG = "https://w3id.org/sikg/ontology#"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
_TITLE = "<http://purl.org/dc/terms/title>"
ODD_NAME = "<script>alert(1)</script> & “friends”"
ODD_KEY = "a/b c%2F?#é"
LINKED = 8


def _odd_statements() -> Iterator[str]:
    odd = f"<{IDENTITY.entity('organisation', ODD_KEY)}>"
    theme = f"<{IDENTITY.entity('theme', 'care')}>"
    aid = f"<{IDENTITY.entity('theme', 'aid')}>"
    row = f"<{IDENTITY.row('odd', 2)}>"
    other = f"<{IDENTITY.row('odd', 3)}>"
    stated = [
        (odd, _TYPE, f"<{_SIKG}Organisation>", row),
        (odd, _LABEL, f'"{ODD_NAME}"@en', row),
        (odd, f"<{_SIKG}city>", '"<b>Tartu</b>"@et', row),
        (odd, f"<{_SIKG}city>", '"Narva"@et', other),
        (odd, "<http://xmlns.com/foaf/0.1/homepage>", "<javascript:alert(2)>", row),
        (theme, _TYPE, f"<{_SIKG}Theme>", row),
        (theme, _LABEL, '"hoolekanne"@et', row),
        (aid, _TYPE, f"<{_SIKG}Theme>", row),
        (aid, _LABEL, '"abi"@et', row),
        (aid, _LABEL, '"aid"@en-t-et-t0-und', row),
        (aid, _LABEL, '"palīdzība"@lv-t-et', row),
    ]
    for number in range(LINKED):
        practice = f"<{IDENTITY.entity('practice', f'p{number}')}>"
        stated.append((practice, f"<{_SIKG}theme>", theme, row))
    for statement in stated:
        yield " ".join((*statement[:3], "."))
        yield " ".join((*statement, "."))
    receipts = f"<{IDENTITY.graph('receipts')}>"
    table, source = f"<{IDENTITY.table('odd')}>", f"<{IDENTITY.entity('source', 'odd')}>"
    for number, place in ((2, row), (3, other)):
        integer = f'"{number}"^^<http://www.w3.org/2001/XMLSchema#integer>'
        yield f"{place} <{_SIKG}fromTable> {table} {receipts} ."
        yield f"{place} <{_SIKG}rowNumber> {integer} {receipts} ."
        yield f'{place} <{_SIKG}citedSource> "javascript:alert(3)" {receipts} .'
    yield f'{table} <{_SIKG}fileName> "odd.csv" {receipts} .'
    yield f"{table} <{_SIKG}fromSource> {source} {receipts} ."
    yield f'{source} {_TITLE} "Odd <i>things</i>"@en {receipts} .'


def publish_odd(home: Path, *, digest: str = "0" * 128, more: Iterable[str] = ()) -> Release:
    """Publish a small release made by hand, with further lines of N-Quads, and serve it."""
    releases = Releases(home)
    with releases.draft() as folder:
        store = Store.create(folder / "work")
        text = "\n".join((*_odd_statements(), *more))
        store.load(io.BytesIO(text.encode()), GRAPH_FORMATS[2])
        final = folder / "release"
        final.mkdir()
        store.checkpoint(final / "store")
        name = Name(IDENTITY.entity("organisation", ODD_KEY), "organisation", ODD_NAME, "en")
        SearchIndex.build(final / "search", [name])
        manifest = Manifest(
            number=releases.next_number(),
            created=datetime(2026, 1, 1, tzinfo=UTC),
            base=IDENTITY.base,
            digest=digest,
            statements=1,
            quads=1,
            conforms=True,
            software="0",
            ontology="0",
            sources=(),
        )
        return releases.publish(final, manifest)
