"""Terms of EU authority tables: how a catalogue names languages, formats, places and the like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from graph.formats import GRAPH_FORMATS
from graph.store import parse
from graph.terms import Term, iri
from ontology import expand

AUTHORITY = "http://publications.europa.eu/resource/authority/"
COUNTRIES = f"{AUTHORITY}country/"
MEDIA_TYPES = "http://www.iana.org/assignments/media-types/"

_FILE = Path(__file__).with_name("authorities.ttl")
_IN_SCHEME = expand("skos:inScheme")
# Tags of ISO 639-1, as our texts have them, and the codes of the table of languages.
_LANGUAGES = {
    "bg": "BUL",
    "cs": "CES",
    "da": "DAN",
    "de": "DEU",
    "el": "ELL",
    "en": "ENG",
    "es": "SPA",
    "et": "EST",
    "fi": "FIN",
    "fr": "FRA",
    "ga": "GLE",
    "hr": "HRV",
    "hu": "HUN",
    "it": "ITA",
    "lt": "LIT",
    "lv": "LAV",
    "mt": "MLT",
    "nl": "NLD",
    "pl": "POL",
    "pt": "POR",
    "ro": "RON",
    "sk": "SLK",
    "sl": "SLV",
    "sv": "SWE",
}
# Suffixes of files that sources are read from; others are not said to have a format.
_FILE_TYPES = {
    "csv": "CSV",
    "json": "JSON",
    "ods": "ODS",
    "tsv": "TSV",
    "txt": "TXT",
    "xls": "XLS",
    "xlsx": "XLSX",
    "xml": "XML",
}


def authority(table: str, code: str) -> Term:
    """Name a term of an authority table."""
    return iri(f"{AUTHORITY}{table}/{code}")


def language(tag: str) -> Term | None:
    """Name the language of a tag; None for those that are no official language of the EU."""
    code = _LANGUAGES.get(tag.partition("-")[0])
    return None if code is None else authority("language", code)


def file_type(file: str) -> Term | None:
    """Name the format of a file by its name, packed or not; None where the table has none."""
    suffix = file.lower().removesuffix(".gz").rpartition(".")[2]
    code = _FILE_TYPES.get(suffix)
    return None if code is None else authority("file-type", code)


def explained(named: Iterable[Term]) -> Iterator[tuple[Term, ...]]:
    """Give what is to be said of the terms that are named, and of the tables they stand in."""
    known = _known()
    told: set[str] = set()
    for term in named:
        if term.kind != "uri" or term.value in told or term.value not in known:
            continue
        told.add(term.value)
        yield from known[term.value]
        scheme = next((item[2] for item in known[term.value] if item[1].value == _IN_SCHEME), None)
        if scheme is not None and scheme.value not in told:
            told.add(scheme.value)
            yield from known[scheme.value]


@cache
def _known() -> Mapping[str, list[tuple[Term, ...]]]:
    """Read the file of terms, by subject; it is part of the code."""
    found: dict[str, list[tuple[Term, ...]]] = {}
    for statement in parse(_FILE.read_bytes(), GRAPH_FORMATS[0]):
        found.setdefault(statement[0].value, []).append(statement)
    return found
