"""The tables that can be aggregated: their dimensions, what these are, and what they measure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from graph.errors import NotFoundError, ParameterError

UNKNOWN = "unknown"


class Values(Enum):
    """What a dimension has: combinations of things, one text, or a year."""

    SEVERAL = "several"
    ONE = "one"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something to group and filter by; `segments` are the kinds of its values, if any.

    `wide` names the combinations that a filter looks into, where these hold more than is shown.
    Values of several kinds are named `kind/key`.
    """

    name: str
    description: str
    values: Values
    segments: tuple[str, ...] = ()
    wide: str | None = None

    @property
    def column(self) -> str:
        """Name the column of the table."""
        return self.name.replace("-", "_")

    @property
    def segment(self) -> str | None:
        """Give the kind of its values, where that is one."""
        return self.segments[0] if len(self.segments) == 1 else None


@dataclass(frozen=True, slots=True)
class Table:
    """A table to aggregate: where its lines stand, what they are, and what it leaves open."""

    name: str
    source: str
    lines: str
    dimensions: tuple[Dimension, ...]
    measures: Mapping[str, str]
    notes: tuple[str, ...]
    money: bool = False
    additive: bool = True
    where: str = "true"

    def dimension(self, name: str) -> Dimension:
        """Give a dimension; ParameterError, with near names, if the table has none of the name."""
        for item in self.dimensions:
            if item.name == name:
                return item
        names = [item.name for item in self.dimensions]
        raise ParameterError(
            f"{self.name} has no dimension “{name[:80]}”{near(name, names)} "
            f"(it has: {', '.join(names)})"
        )


_COUNTRY = Dimension("country", "Countries where it takes place.", Values.SEVERAL, ("country",))
_PROGRAMME = Dimension(
    "programme",
    "Instruments that pay; a filter also finds what their parts and calls pay for.",
    Values.SEVERAL,
    ("programme",),
    "payer",
)
_FUND = Dimension(
    "fund",
    "Funds and programmes that are part of nothing larger, and that pay themselves or by their "
    "parts.",
    Values.SEVERAL,
    ("programme",),
)
_STRAND = Dimension(
    "strand",
    "The parts of these that pay, as exactly as it is told: strands, initiatives, calls.",
    Values.SEVERAL,
    ("programme",),
)
_PROJECT = Dimension(
    "project",
    "Projects, consortia and practices themselves.",
    Values.SEVERAL,
    ("project", "consortium", "practice"),
)
_ORGANISATION = Dimension(
    "organisation",
    "Organisations that take part, lead or carry it out; nobody says what each of them gets.",
    Values.SEVERAL,
    ("organisation",),
)
_REGION = Dimension(
    "region",
    "Regions where it takes place, as exactly as sources name them.",
    Values.SEVERAL,
    ("region",),
)
_THEME = Dimension("theme", "Themes.", Values.SEVERAL, ("theme",))
_GROUP = Dimension("target-group", "Target groups.", Values.SEVERAL, ("target-group",))
_OF = Dimension("of", "What it belongs to: project, consortium or practice.", Values.ONE)
_YEAR_OF_START = Dimension("year", "Year in which it begins.", Values.YEAR)
_TOGETHER = (
    "What has several countries, programmes, themes or groups stands under all of them together: "
    "nobody says how it is divided, and no row counts it twice."
)
_GAP = (
    "What is unknown is null, never zero; that nothing is known does not mean that there is none."
)

TABLES = {
    table.name: table
    for table in (
        Table(
            "funding",
            "funding_facts",
            "amounts",
            (
                _COUNTRY,
                _PROGRAMME,
                _FUND,
                _STRAND,
                _PROJECT,
                _ORGANISATION,
                _REGION,
                _THEME,
                _GROUP,
                Dimension(
                    "year",
                    "Year of the amount or, where none is stated, of the start.",
                    Values.YEAR,
                ),
                Dimension("year-of", "What the year is: amount or start.", Values.ONE),
                _OF,
                Dimension("kind", "Kind of funding.", Values.ONE, ("funding-kind",)),
                Dimension("phase", "Phase of funding.", Values.ONE, ("funding-phase",)),
                Dimension("currency", "Currency.", Values.ONE),
            ),
            {
                "amounts": "count(value)",
                "sum": "sum(summed)",
                "disputed": "count(*) FILTER (NOT missing) - count(value)",
                "missing": "count(*) FILTER (missing)",
            },
            (
                (
                    "Amounts of different kinds, phases or currencies are never added; a total "
                    "contains the EU share."
                ),
                "Where kind, phase or currency is unknown or several, amounts are not added.",
                "missing counts the projects, consortia and practices without any amount.",
                _TOGETHER,
                "Amounts on which sources disagree are left out of sums and counted as disputed.",
                (
                    "Budgets of programmes, of which the whole contains its parts, and shares of "
                    "participants are not here; the query programme-tree has the budgets."
                ),
                _GAP,
            ),
            money=True,
        ),
        Table(
            "practices",
            "undertaking_facts",
            "practices",
            (
                _COUNTRY,
                _PROGRAMME,
                _THEME,
                _GROUP,
                Dimension("principle", "Principles.", Values.SEVERAL, ("policy",)),
                _YEAR_OF_START,
            ),
            {"practices": "count(DISTINCT facts.id)"},
            (_TOGETHER, _GAP),
            where="practice",
        ),
        Table(
            "projects",
            "undertaking_facts",
            "projects and consortia",
            (_COUNTRY, _PROGRAMME, _THEME, _GROUP, _YEAR_OF_START, _OF),
            {"projects": "count(DISTINCT facts.id)"},
            (_TOGETHER, _GAP),
            where="NOT practice",
        ),
        Table(
            "participations",
            "participation_facts",
            "participations",
            (
                Dimension("role", "Roles.", Values.SEVERAL, ("role",)),
                Dimension(
                    "country", "Countries that it stands for there.", Values.SEVERAL, ("country",)
                ),
                Dimension("seat", "Countries of the organisation.", Values.SEVERAL, ("country",)),
                _PROGRAMME,
                _THEME,
                _GROUP,
                Dimension("year", "Year in which it or its project begins.", Values.YEAR),
                _OF,
            ),
            {
                "participations": "count(DISTINCT facts.id)",
                "organisations": "count(DISTINCT participant.object)",
                "projects": "count(DISTINCT participates_in.object)",
            },
            (
                _TOGETHER,
                (
                    "Organisations and projects come in several rows, so that only participations "
                    "can be added."
                ),
                _GAP,
            ),
            additive=False,
        ),
    )
}


def table_of(name: str) -> Table:
    """Give a table; NotFoundError, with near names, if there is none of the name."""
    if name not in TABLES:
        raise NotFoundError(
            f"there is no table “{name[:80]}”{near(name, TABLES)} (there are: {', '.join(TABLES)})"
        )
    return TABLES[name]


def near(name: str, known: Iterable[str]) -> str:
    """Ask whether one of the names that look alike was meant; empty where none does."""
    folded = {item.lower(): item for item in known}
    found = difflib.get_close_matches(name.lower(), folded, n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(folded[item] for item in found)}?" if found else ""
