"""What a release covers, source by source: languages, countries and years.

A build measures it from the statements of each source and keeps it in the release, since the
catalogue is written anew whenever it is asked for: its dumps may have come meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graph.bridges import Links
from graph.dcat.frequencies import Frequency
from graph.engine import Engine, Query
from graph.errors import StorageError, disk_error
from graph.identity import Identity
from graph.lines import Lines
from ontology import Property, expand

FILE = "catalogue.json"

_COUNTRY = "http://publications.europa.eu/resource/authority/country/"
_PLACES = (Property.COUNTRY, Property.LEAD_COUNTRY)
_TIMES = (
    Property.START_DATE,
    Property.END_DATE,
    Property.FUNDING_YEAR,
    Property.DOCUMENT_DATE,
    Property.OPEN_DATE,
    Property.DEADLINE,
)
_AUTHORITIES = Query(f"""
PREFIX skos: <{expand("skos:prefLabel").removesuffix("prefLabel")}>
SELECT ?country ?match ?label WHERE {{
  ?country skos:exactMatch ?match .
  FILTER(STRSTARTS(STR(?match), "{_COUNTRY}"))
  OPTIONAL {{ ?country skos:prefLabel ?label . FILTER(LANG(?label) = "en") }}
}} ORDER BY ?country ?match ?label
""")
_CONTACT = re.compile(r"(?:https?://|mailto:)\S+")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Coverage(_Frozen):
    """What statements cover: tags of languages, IRIs of countries, first and last year."""

    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    years: tuple[int, int] | None = None


class Described(_Frozen):
    """What the catalogue says of one source beside what the manifest does."""

    name: str
    description: str | None = None
    retrieved: date
    frequency: Frequency | None = None
    address: str | None = None
    covers: Coverage = Coverage()
    links: tuple[Links, ...] = ()


class Publisher(_Frozen):
    """Who publishes the whole, and where to turn to: a web or mail address."""

    name: str | None = None
    contact: Annotated[str | None, Field(pattern=_CONTACT.pattern)] = None


class Contents(_Frozen):
    """What a release keeps for its catalogue.

    `places` names countries in EU terms, `links` are those of the ontology and its concepts.
    """

    publisher: Publisher = Publisher()
    sources: tuple[Described, ...] = ()
    places: dict[str, tuple[str, str]] = {}
    links: tuple[Links, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> Contents:
        """Read what a release keeps; empty where it was built before there were catalogues."""
        path = folder / FILE
        try:
            return cls.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return cls()
        except OSError as error:
            raise disk_error(path, error) from error
        except ValidationError as error:
            raise StorageError(f"{path} is damaged: build again") from error

    def write(self, folder: Path) -> None:
        """Keep it in the folder of a release."""
        (folder / FILE).write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")


def measure(lines: Lines) -> Coverage:
    """Tell what statements cover; tags of no language (`und`) are left out."""
    predicate, value = pl.col("p"), pl.col("o")
    triples = lines.triples()
    tags = triples.select(tag=value.str.extract(r'"@([a-z]{2,3})(?:-[A-Za-z0-9-]+)?$')).unique()
    places = triples.filter(predicate.is_in([f"<{item}>" for item in _PLACES]))
    years = (
        triples.filter(predicate.is_in([f"<{item}>" for item in _TIMES]))
        .select(year=value.str.extract(r'^"([0-9]{4})').cast(pl.Int32))
        .select(first=pl.col("year").min(), last=pl.col("year").max())
    )
    found_tags, found_places, found_years = pl.collect_all(
        [tags, places.select(place=value.str.strip_chars("<>")).unique(), years]
    )
    first, last = found_years.row(0)
    named = sorted(tag for tag in found_tags["tag"].drop_nulls() if tag != "und")
    return Coverage(
        languages=tuple(named),
        countries=tuple(sorted(found_places["place"])),
        years=None if first is None else (first, last),
    )


def places(engine: Engine, identity: Identity) -> dict[str, tuple[str, str]]:
    """Give the EU term and the English name of each country that a release links to one."""
    return dict(_places(engine, identity))


def _places(engine: Engine, identity: Identity) -> Iterator[tuple[str, tuple[str, str]]]:
    told: set[str] = set()
    for row in engine.select(_AUTHORITIES):
        country = row["country"].value
        reference = identity.parse(country)
        if reference is None or country in told:
            continue
        told.add(country)
        label = row["label"].value if "label" in row else reference.key
        yield country, (row["match"].value, label)
