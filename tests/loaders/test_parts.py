"""What two sources say alike of one project is counted once; what one source repeats is not less.

CORDIS tells of a project by its agreement in one table and by its record in another.
"""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from graph.identity import Identity
from loaders.building.check import Checked, check_sources, read_sources
from loaders.building.identities import Identities, identify
from loaders.building.parts import equal_parts
from loaders.language.mapping import read_mapping
from tests.loaders.conftest import Bench

SOURCES = Path(__file__).parents[2] / "loaders" / "sources"
PUBLISHED = Path(__file__).parent / "published"
HEAD = (
    "rcn,role,pic,type,contribution,country,start_date,end_date,max_contribution,total_cost,"
    "start_year,end_year,duration,group,nunique\n"
)
OF_RECORD = (
    "990002,coordinator,990000001,HES,{},EE,2018-05-01,2020-04-30,{},{},2018,2020,24,eu13,1\n"
)
SUM = "1234567.89"
KNOWN = {
    "programme": {"horizon-2020", "horizon-europe"},
    "funding-kind": {"eu", "total", "eu-share", "total-share"},
    "funding-phase": {"approved"},
    "role": {"coordinator", "participant", "partner"},
    "organisation-type": {"university", "company"},
    "region": {"EE008", "EL303"},
}
PAID = """\
entities:
  project:
    type: project
    class: Project
    key: "{id}"
    once: true
    properties:
      - {property: skos:prefLabel, column: id, lang: zxx}
      - {property: rcn, column: rcn, as: string}
      - {property: funding, entity: paid}
  paid:
    type: funding
    class: Funding
    key: "{payment}"
    properties:
      - {property: amount, column: amount, as: decimal}
"""


def joined(folder: Path, row: str) -> Identities:
    """Give what is one in the tables of CORDIS, beside a row of the table of records."""
    for name in ("project.csv", "organization.csv"):
        shutil.copy(PUBLISHED / name, folder)
    (folder / "h2020.csv.gz").write_bytes(gzip.compress((HEAD + row).encode()))
    names = ("cordis/cordis-projects", "cordis/cordis-organisations")
    mappings = [
        read_mapping(SOURCES / f"{name}.yaml")
        for name in (*names, "cordis-h2020/cordis-participations")
    ]
    sources = read_sources(mappings, folder)
    known = check_sources(sources, Identity(), KNOWN)
    return identify(sources, Identity(), known, None)


@pytest.mark.parametrize(
    ("share", "apart"), [(SUM, set()), ("7", {"funding/cordis-rcn-990002-990000001-coordinator"})]
)
def test_a_project_of_two_tables_has_its_partners_and_money_once(
    share: str, apart: set[str], tmp_path: Path
) -> None:
    expected = {
        "project/cordis-rcn-990002": "project/cordis-900002",
        "participation/cordis-rcn-990002-990000001-coordinator": (
            "participation/cordis-900002-990000001-1"
        ),
        "funding/cordis-rcn-990002-total": "funding/cordis-900002-total",
        "funding/cordis-rcn-990002-eu": "funding/cordis-900002-eu",
        "funding/cordis-rcn-990002-990000001-coordinator": "funding/cordis-900002-990000001-1-eu",
    }
    left = {thing: to for thing, to in expected.items() if thing not in apart}
    found = joined(tmp_path, OF_RECORD.format(share, SUM, SUM))
    assert found.resolution.canonical == left
    assert found.report().parts == len(left) - 1


def test_where_nothing_is_one_nothing_follows(tmp_path: Path) -> None:
    other = OF_RECORD.replace("990002", "990009").format(SUM, SUM, SUM)
    assert joined(tmp_path, other).merged == {}


def paid(folder: Path, **tables: str) -> dict[str, str]:
    """Give what is one among amounts, where `a` and `z` are one project."""
    bench = Bench(folder)
    mappings = [bench.mapping(PAID, name) for name in tables]
    for name, rows in tables.items():
        bench.file(f"{name}.csv", f"id,rcn,payment,amount\n{rows}")
    sources: list[Checked] = read_sources(mappings, folder)
    known = check_sources(sources, Identity(), {})
    return dict(equal_parts(sources, Identity(), known, {"project/z": "project/a"}))


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("a,1,p,5\n", "z,1,q,5.00\n", {"funding/q": "funding/p"}),
        ("a,1,p,5\n", "z,1,q,6\n", {}),
        ("a,1,p,5\na,1,r,5\n", "z,1,q,5\n", {"funding/q": "funding/p"}),
        ("a,1,p,5\n", "z,1,q,5\nz,1,s,5\n", {"funding/q": "funding/p"}),
        ("a,1,p,5\nz,1,r,5\n", "b,2,q,5\n", {}),
        ("a,1,p,5\n", "a,1,q,5\n", {}),
        ("a,1,p,5\n", "b,2,q,5\n", {}),
    ],
    ids=["alike", "unlike", "twice here", "twice there", "one table", "one name", "another"],
)
def test_amounts_are_one_across_sources_only(
    one: str, two: str, expected: dict[str, str], tmp_path: Path
) -> None:
    assert paid(tmp_path, one=one, two=two) == expected
