"""The statements of the synthetic graph: frames of skewed random things, and a line for each fact.

Projects in countries, paid by programmes, about themes, carried by organisations. Few countries,
programmes and organisations hold most of the projects. Of what the ontology entails, only the
vocabulary's part is written: the rest would double the size without being asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import polars as pl

import ontology
from benchmarks.synthetic import COUNTRIES
from graph.identity import Identity
from loaders.building.vocabulary import Vocabulary

IDENTITY = Identity()
SEED = 20261122
FUNDS, STRANDS, PROGRAMMES = 10, 60, 300  # numbers below the first are funds, and so on
PLACES = 3000

_XSD = "http://www.w3.org/2001/XMLSchema#"
_WORK = (
    "Work and inclusion",
    "Skills for young people",
    "Care at home",
    "Childcare near work",
    "Social enterprise fund",
    "Housing first",
    "Digital skills",
    "Second chance school",
)
_SYLLABLES = ("ka", "ri", "mo", "sel", "ta", "ven", "du", "lor", "ne", "bis", "gol", "am")
_ROLES = ("partner", "associated-partner", "beneficiary", "participant")
_KINDS = ("ngo", "municipality", "university", "company", "social-enterprise")

# A value is written from parts: texts as they are, and columns.
Part = str | pl.Expr
_QUOTE = '"'
_ENGLISH = '"@en'


@cache
def places() -> tuple[str, ...]:
    """Give the made-up names of places, the most frequent first."""
    chance = np.random.default_rng(SEED)
    found: dict[str, None] = {}
    while len(found) < PLACES:
        found["".join(chance.choice(_SYLLABLES, 4)).capitalize()] = None
    return tuple(found)


@cache
def themes() -> tuple[str, ...]:
    """Give the keys of the themes of the ontology's scheme, the most frequent first."""
    return tuple(sorted(Vocabulary.read(IDENTITY).concepts["theme"]))


def organisations(projects: int) -> int:
    """Give the number of organisations in a graph of so many projects."""
    return (projects + 3) // 4


def frames(
    chance: np.random.Generator, numbers: range, projects: int
) -> Iterator[tuple[pl.DataFrame, list[pl.Expr]]]:
    """Give frames of things, each with the expressions of the statements about one of its rows."""
    size, carriers = len(numbers), organisations(projects)
    project = _projects(chance, numbers, carriers)
    yield project, _about_project()
    second = project.filter(pl.Series(chance.random(size) < 0.4)).with_columns(
        theme=(pl.col("theme") + 1 + pl.col("n") % (len(themes()) - 1)) % len(themes())
    )
    yield second, [_line(("project", "n"), "sikg:theme", *_iri("theme", _of(themes(), "theme")))]
    yield project, _about_funding("total", 1.0)
    shared = project.filter(pl.Series(chance.random(size) < 0.3))
    link = _line(("project", "n"), "sikg:funding", *_iri("funding", "n", "-eu"))
    yield shared, [link, *_about_funding("eu", 0.5)]
    yield project, _about_participation("lead", "lead", "lead-partner")
    # As many further participations as projects; some projects have several, many have none.
    further = pl.DataFrame(
        {
            "row": np.arange(numbers.start, numbers.stop),
            "n": numbers.start + _skewed(chance, size, size, 2),
            "who": _skewed(chance, size, carriers, 2),
            "country": _skewed(chance, size, len(COUNTRIES), 2),
            "role": _skewed(chance, size, len(_ROLES), 2),
        }
    )
    yield further, _about_participation("row", "who", _of(_ROLES, "role"))
    number = np.arange(numbers.start, numbers.stop)
    yield pl.DataFrame({"n": number[number % 4 == 0] // 4}), _about_organisation()


def _projects(chance: np.random.Generator, numbers: range, carriers: int) -> pl.DataFrame:
    size = len(numbers)
    start = chance.integers(2007, 2027, size)
    return pl.DataFrame(
        {
            "n": np.arange(numbers.start, numbers.stop),
            "work": chance.integers(0, len(_WORK), size),
            "place": _skewed(chance, size, PLACES, 3),
            "country": _skewed(chance, size, len(COUNTRIES), 2),
            "programme": STRANDS + _skewed(chance, size, PROGRAMMES - STRANDS, 3),
            "theme": _skewed(chance, size, len(themes()), 2),
            "start": start,
            "end": start + chance.integers(1, 5, size),
            "month": chance.integers(1, 13, size),
            "lead": _skewed(chance, size, carriers, 2),
            "amount": chance.lognormal(11, 1.5, size),
        }
    )


def _skewed(
    chance: np.random.Generator, size: int, among: int, power: int
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    # A power of uniform numbers: the first few of many are taken most of the time.
    return (chance.random(size) ** power * among).astype(np.int64)


def _about_project() -> list[pl.Expr]:
    about = ("project", "n")
    title = (_QUOTE, _of(_WORK, "work"), " in ", _of(places(), "place"), ", no. ", pl.col("n"))
    month = pl.col("month").cast(pl.String).str.zfill(2)
    day = f'"^^<{_XSD}date>'
    return [
        _line(about, "rdf:type", f"<{ontology.Class.PROJECT}>"),
        _line(about, "skos:prefLabel", *title, _ENGLISH),
        _line(about, "sikg:country", *_iri("country", _of(COUNTRIES, "country"))),
        _line(about, "sikg:fundedBy", *_iri("programme", "programme")),
        _line(about, "sikg:theme", *_iri("theme", _of(themes(), "theme"))),
        _line(about, "sikg:startDate", _QUOTE, pl.col("start"), "-", month, f"-01{day}"),
        _line(about, "sikg:endDate", _QUOTE, pl.col("end"), "-", month, f"-28{day}"),
        _line(about, "sikg:leadPartner", *_iri("organisation", "lead")),
        _line(about, "sikg:funding", *_iri("funding", "n", "-total")),
    ]


def _about_funding(kind: str, share: float) -> list[pl.Expr]:
    about = ("funding", "n", f"-{kind}")
    amount = (pl.col("amount") * share).round(2)
    paid = pl.when(pl.col("n") % 5 == 0).then(pl.lit("paid")).otherwise(pl.lit("approved"))
    return [
        _line(about, "rdf:type", f"<{ontology.Class.FUNDING}>"),
        _line(about, "sikg:amount", _QUOTE, amount, f'"^^<{_XSD}decimal>'),
        _line(about, "sikg:currency", '"EUR"'),
        _line(about, "sikg:fundingKind", *_iri("funding-kind", pl.lit(kind))),
        _line(about, "sikg:fundingPhase", *_iri("funding-phase", paid)),
        _line(about, "sikg:fundingYear", _QUOTE, pl.col("start"), f'"^^<{_XSD}gYear>'),
    ]


def _about_participation(kind: str, who: str, role: Part) -> list[pl.Expr]:
    about = ("participation", "n" if kind == "lead" else "row", f"-{kind}")
    written = pl.lit(role) if isinstance(role, str) else role
    return [
        _line(about, "rdf:type", f"<{ontology.Class.PARTICIPATION}>"),
        _line(about, "sikg:participant", *_iri("organisation", who)),
        _line(about, "sikg:participatesIn", *_iri("project", "n")),
        _line(about, "sikg:role", *_iri("role", written)),
        _line(about, "sikg:country", *_iri("country", _of(COUNTRIES, "country"))),
    ]


def _about_organisation() -> list[pl.Expr]:
    about = ("organisation", "n")
    place, country = pl.col("n") * 7919 % PLACES, pl.col("n") * 104_729 % len(COUNTRIES)
    name = (_QUOTE, _of(places(), place))
    return [
        _line(about, "rdf:type", f"<{ontology.Class.ORGANISATION}>"),
        _line(about, "skos:prefLabel", *name, " partnership ", pl.col("n"), _ENGLISH),
        _line(about, "sikg:country", *_iri("country", _of(COUNTRIES, country))),
        _line(
            about,
            "sikg:organisationType",
            *_iri("organisation-type", _of(_KINDS, pl.col("n") % len(_KINDS))),
        ),
        _line(about, "sikg:city", *name, _ENGLISH),
    ]


def _of(names: tuple[str, ...], place: Part) -> pl.Expr:
    """Give the names at the places that a column holds."""
    at = pl.col(place) if isinstance(place, str) else place
    return at.replace_strict(range(len(names)), names, return_dtype=pl.String)


def _iri(segment: str, key: Part, ends: str = "") -> tuple[Part, ...]:
    written = pl.col(key) if isinstance(key, str) else key
    return f"<{IDENTITY.base}id/{segment}/", written, f"{ends}>"


def _line(about: tuple[str, ...], name: str, *value: Part) -> pl.Expr:
    """Give the expression of one statement about a thing: segment, column of its key, ending."""
    parts = (*_iri(*about), f" <{ontology.expand(name)}> ", *value, " .")
    return pl.concat_str([pl.lit(part) if isinstance(part, str) else part for part in parts])
