"""Partners are ranked as the aspects say, and every reason is a path that the release states.

The ranking is compared with one that is worked out here from the statements themselves, one
organisation after the other, on graphs made up at random.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from math import log
from pathlib import Path

import pytest

from graph.dataset import Dataset
from graph.engine import Query
from graph.errors import NotFoundError, ParameterError
from graph.facts import Facts, build, stamp
from graph.facts.reading import MADE
from graph.formats import GRAPH_FORMATS
from graph.identity import Identity
from graph.partners import (
    ASPECTS,
    Proposal,
    Ranking,
    choices,
    rank,
    read_question,
    read_rows,
    reasons,
)
from graph.partners.aspects import FAMILIES, completing
from graph.store import Store

DAY = "2026-11-22"
IDENTITY = Identity()
BASE = f"{IDENTITY.base}id/"
PREFIXES = (
    "@prefix sikg: <https://w3id.org/sikg/ontology#> .\n"
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    f"@base <{IDENTITY.base}> .\n"
)
ROLES = ("lead-partner", "partner", "funder", "beneficiary")


def facts_of(turtle: str, folder: Path) -> Facts:
    """Make the fact tables of a graph."""
    store = Store.create(folder / "store")
    turtle_format = next(item for item in GRAPH_FORMATS if item.name == "turtle")
    store.load((PREFIXES + turtle).encode(), turtle_format)
    build(store, IDENTITY, folder / "facts")
    stamp(folder / "facts", 1, "0")
    return Facts(folder / "facts")


def ranked(facts: Facts, organisation: str | None = None, **asked: str) -> Ranking:
    chosen = {name.replace("_", "-"): text for name, text in asked.items()}
    question = read_question(facts, chosen, day=DAY, organisation=organisation)
    return rank(facts, question, limit=1000)


def points(facts: Facts, ranking: Ranking) -> dict[str, dict[str, int]]:
    """Give the points by aspect of each organisation, by key, in the order of the ranking."""
    keys = dict(facts.ask("SELECT id, key FROM thing"))
    return {keys[item.organisation]: dict(item.aspects) for item in ranking.standings}


def key(iri: str) -> str:
    return iri.removeprefix(BASE)


SMALL = """
<id/organisation/us> a sikg:Organisation ; sikg:country <id/country/EE> .
<id/organisation/friend> a sikg:Organisation ; sikg:country <id/country/LV> .
<id/organisation/new> a sikg:Organisation ; sikg:country <id/country/LT> .
<id/organisation/far> a sikg:Organisation .
<id/theme/work> a sikg:Theme . <id/theme/youth> a sikg:Theme ; skos:broader <id/theme/work> .
<id/programme/fund> a sikg:Fund ; sikg:endDate "2027"^^xsd:gYear .
<id/programme/strand> a sikg:Strand ; sikg:partOf <id/programme/fund> .
<id/programme/call> a sikg:Call ; sikg:partOf <id/programme/strand> ;
  sikg:deadline "2026-12"^^xsd:gYearMonth .
<id/programme/closed> a sikg:Call ; sikg:partOf <id/programme/strand> ;
  sikg:deadline "2026-11-21"^^xsd:date .
<id/project/a> a sikg:Project ; sikg:theme <id/theme/work> ; sikg:fundedBy <id/programme/strand> .
<id/project/b> a sikg:Project ; sikg:theme <id/theme/youth> ; sikg:fundedBy <id/programme/fund> ;
  sikg:startDate "2022"^^xsd:gYear .
<id/project/c> a sikg:Project .
<id/participation/1> a sikg:Participation ; sikg:participant <id/organisation/us> ;
  sikg:participatesIn <id/project/a> ; sikg:role <id/role/partner> .
<id/participation/2> a sikg:Participation ; sikg:participant <id/organisation/friend> ;
  sikg:participatesIn <id/project/a> ; sikg:role <id/role/lead-partner> .
<id/participation/3> a sikg:Participation ; sikg:participant <id/organisation/friend> ;
  sikg:participatesIn <id/project/b> .
<id/participation/4> a sikg:Participation ; sikg:participant <id/organisation/new> ;
  sikg:participatesIn <id/project/b> ; sikg:role <id/role/lead-partner> .
<id/project/c> sikg:leadPartner <id/organisation/far> .
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return facts_of(SMALL, tmp_path_factory.mktemp("small"))


def test_points_are_given_as_the_aspects_say(small: Facts) -> None:
    ranking = ranked(small, "us")
    found = points(small, ranking)
    assert list(found) == ["new", "friend"]
    assert found["new"] == {
        "theme": 500,  # one thing on the one theme of ours, by way of a narrower one
        "target-group": 0,
        "role": 500,  # leads, which we never did
        "call": 500,  # the fund two steps above the call paid for both
        "shared-partner": round(1000 / (1 + log(2))) * 1000 // (round(1000 / (1 + log(2))) + 1000),
        "new": 1000,
        "experience": 250,
    }
    assert found["friend"] == {
        "theme": 666,
        "target-group": 0,
        "role": 500,
        "call": 1000,  # the strand right above the call paid for both
        "shared-partner": 0,  # they know us already
        "new": 0,
        "experience": 400,
    }
    assert ranking.weights["target-group"] == 0
    assert ranking.number == 2


def test_weights_turn_the_ranking(small: Facts) -> None:
    question = read_question(
        small, {}, day=DAY, organisation="us", weights={"new": 0, "call": 5, "shared-partner": 0}
    )
    ranking = rank(small, question)
    assert list(points(small, ranking)) == ["friend", "new"]
    friend = ranking.standings[0]
    assert friend.points == (3 * 666 + 2 * 500 + 5 * 1000 + 400) // (3 + 2 + 5 + 1)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"country": "LV"}, ["friend"]),
        ({"country": "LV,LT"}, ["friend", "new"]),
        ({"country": "unknown"}, ["far"]),
        ({"country": "EE,unknown"}, ["far", "us"]),
        ({"theme": "youth"}, ["friend", "new"]),
        ({"theme": "work", "country": "EE"}, ["us"]),
        ({"role": "lead-partner"}, ["friend", "new"]),
        ({"programme": "strand"}, ["friend", "us"]),
        ({"period": "2021-2027"}, ["friend", "new"]),
        ({"period": "2023,2024"}, []),
    ],
)
def test_filters_keep_whom_they_name(
    small: Facts, asked: dict[str, str], expected: list[str]
) -> None:
    assert sorted(points(small, ranked(small, **asked))) == expected


def test_a_deadline_that_has_passed_closes_a_call(small: Facts) -> None:
    for day, call in (("2026-12-31", True), ("2027-01-01", False)):
        question = read_question(small, {}, day=day, organisation="us")
        assert rank(small, question).basis.applies("call") is call


def test_pages_of_a_ranking_hold_everybody_once(dataset: Dataset) -> None:
    question = read_question(dataset.facts, {}, day=DAY, organisation="ee-kysk")
    whole = rank(dataset.facts, question, limit=1000)
    assert len(whole.standings) == whole.number > 30
    paged = [
        item
        for offset in range(0, whole.number, 7)
        for item in rank(dataset.facts, question, limit=7, offset=offset).standings
    ]
    assert paged == list(whole.standings)
    behind = rank(dataset.facts, question, limit=7, offset=5000)
    assert (behind.standings, behind.number) == ((), whole.number)


@pytest.mark.parametrize(
    ("organisation", "asked", "words"),
    [
        (None, {}, "say who you are"),
        ("usa", {}, "did you mean us?"),
        (None, {"theme": "werk"}, "did you mean work?"),
        (None, {"theme": " ,"}, "names nothing"),
        (None, {"colour": "red"}, "no filter"),
        (None, {"period": "2027-2021"}, "period cannot be"),
        (None, {"period": "soon"}, "period cannot be"),
    ],
)
def test_impossible_questions_are_refused(
    small: Facts, organisation: str | None, asked: dict[str, str], words: str
) -> None:
    with pytest.raises(ParameterError, match=words):
        read_question(small, asked, day=DAY, organisation=organisation)


def test_a_release_without_the_tables_says_so(tmp_path: Path) -> None:
    (tmp_path / MADE).write_text('{"release": 1, "digest": "", "unfit": {}}')
    asked = {"theme": "employment"}
    for ask in (lambda facts: read_question(facts, asked, day=DAY), choices):
        with pytest.raises(NotFoundError, match="build it again"):
            ask(Facts(tmp_path))


def test_every_reason_is_a_path_that_rows_state(dataset: Dataset) -> None:
    for organisation, asked in (
        ("ee-kysk", {}),
        ("lt-esfa", {"theme": "employment"}),
        (None, {"role": "partner"}),
    ):
        ranking = ranked(dataset.facts, organisation, **asked)
        proposals = reasons(dataset.facts, ranking)
        assert len(proposals) == len(ranking.standings) > 5
        statements = {
            item
            for proposal in proposals
            for reason in proposal.reasons
            for path in reason.paths
            for item in path.statements()
        }
        rows, receipts = read_rows(dataset.store, dataset.identity, statements)
        for statement, stated in rows.items():
            assert stated or statement.property.endswith("#broader"), statement
            assert all(row in receipts for row in stated)
        for proposal in proposals:
            _check(proposal, organisation)


def _check(proposal: Proposal, organisation: str | None) -> None:
    assert [item.aspect for item in proposal.reasons] == [
        name for name in ASPECTS if name in {item.aspect for item in proposal.reasons}
    ]
    for reason in proposal.reasons:
        assert reason.points > 0
        assert len(reason.things) <= reason.number or reason.aspect == "role"
        assert (reason.aspect == "new") is not bool(reason.paths)
        for path in reason.paths:
            assert len(path.nodes) == len(path.hops) + 1
            for (one, other), hop in zip(
                zip(path.nodes, path.nodes[1:], strict=False), path.hops, strict=True
            ):
                named = {name for item in hop.statements for name in (item.subject, item.value)}
                assert {one, other} <= named
        whole = [path for path in reason.paths if proposal.organisation in path.nodes]
        assert whole or not reason.paths
        if reason.aspect in {"call", "shared-partner"}:
            assert whole[0].nodes[0] == f"{BASE}organisation/{organisation}"
            assert whole[0].nodes[-1] == proposal.organisation


def test_a_reason_tells_the_whole_way(small: Facts) -> None:
    (new, _) = reasons(small, ranked(small, "us"))
    by_aspect = {reason.aspect: reason for reason in new.reasons}
    told = [key(node) for node in by_aspect["theme"].paths[0].nodes]
    assert told == [
        *("organisation/us", "project/a", "theme/work"),
        *("theme/youth", "project/b", "organisation/new"),
    ]
    assert [hop.along for hop in by_aspect["theme"].paths[0].hops] == [
        *(True, True, False, False, False),
    ]
    assert [key(node) for node in by_aspect["shared-partner"].paths[0].nodes] == [
        *("organisation/us", "project/a", "organisation/friend"),
        *("project/b", "organisation/new"),
    ]
    call = by_aspect["call"]
    assert key(call.open_call or "") == "programme/call"
    assert call.deadline == "2026-12"
    assert [key(node) for node in call.paths[1].nodes] == [
        *("programme/call", "programme/strand", "programme/fund"),
    ]
    (role,) = by_aspect["role"].paths
    assert key(role.hops[0].role or "") == "role/lead-partner"


def test_what_was_done_together_is_told_and_no_reason(small: Facts) -> None:
    (_, friend) = reasons(small, ranked(small, "us"))
    assert [key(thing) for thing in friend.together] == ["project/a"]
    assert not {"new", "shared-partner"} & {reason.aspect for reason in friend.reasons}


def test_roles_are_completed_by_other_families() -> None:
    assert completing([]) == frozenset()
    assert completing(["partner"]) == (
        FAMILIES["leads"] | FAMILIES["carries out"] | FAMILIES["pays"]
    )
    assert completing(["partner", "coordinator", "beneficiary", "funder"]) == frozenset()


def test_every_role_is_of_one_family(dataset: Dataset) -> None:
    query = Query("SELECT ?s { ?s a <https://w3id.org/sikg/ontology#Role> }")
    roles = {key(iri).partition("/")[2] for iri in dataset.store.select(query).values("s")}
    listed = [role for family in FAMILIES.values() for role in family]
    assert sorted(listed) == sorted(set(listed))
    assert roles == set(listed)


def test_the_choices_of_a_form_are_what_partners_have(small: Facts) -> None:
    assert choices(small) == {
        "theme": ("work", "youth"),
        "target-group": (),
        "role": ("lead-partner", "partner"),
        "country": ("EE", "LT", "LV"),
        "type": (),
        "programme": ("fund", "strand"),
    }


class Plain:
    """A small graph made up at random, and the points of its organisations worked out plainly."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311  # a seeded choice of test data
        self.broader = {"t1": "t0", "t2": "t1"}
        self.themes = {
            thing: set(chance.sample(["t0", "t1", "t2", "t3", "t4"], chance.randrange(3)))
            for thing in range(9)
        }
        self.does = {
            name: {
                thing: chance.choice([None, *ROLES])
                for thing in chance.sample(range(9), chance.randrange(1, 4))
            }
            for name in "abcdefg"
        }

    def turtle(self) -> Iterator[str]:
        """Give the lines of the graph."""
        for narrow, broad in self.broader.items():
            yield f"<id/theme/{narrow}> skos:broader <id/theme/{broad}> ."
        for thing, themes in self.themes.items():
            yield f"<id/project/{thing}> a sikg:Project ."
            yield from (f"<id/project/{thing}> sikg:theme <id/theme/{theme}> ." for theme in themes)
        for name, things in self.does.items():
            yield f"<id/organisation/{name}> a sikg:Organisation ."
            for thing, role in things.items():
                part = f"<id/participation/{name}{thing}>"
                yield f"{part} a sikg:Participation ; sikg:participatesIn <id/project/{thing}> ."
                yield f"{part} sikg:participant <id/organisation/{name}> ."
                if role:
                    yield f"{part} sikg:role <id/role/{role}> ."

    def closed(self, thing: int) -> set[str]:
        """Give the themes of a thing, and all that are broader."""
        found = set(self.themes[thing])
        while more := {self.broader[name] for name in found if name in self.broader} - found:
            found |= more
        return found

    def on(self, name: str, theme: str) -> int:
        """Count what an organisation does on a theme."""
        return sum(theme in self.closed(thing) for thing in self.does[name])

    def met(self, name: str) -> set[str]:
        """Give the organisations that one has worked with."""
        mine = set(self.does[name])
        return {other for other in self.does if other != name and mine & set(self.does[other])}

    def points(self, us: str, other: str) -> dict[str, int]:
        """Work out the points of one organisation for another."""
        ours = {theme for thing in self.does[us] for theme in self.themes[thing]}
        rarity = {
            theme: round(1000 * log(1 + 7 / sum(self.on(name, theme) > 0 for name in self.does)))
            for theme in ours
        }
        got = sum(part * (1000 * (k := self.on(other, t)) // (k + 1)) for t, part in rarity.items())
        had = [role for role in self.does[us].values() if role]
        held = [role for role in self.does[other].values() if role in completing(had)]
        often = max((held.count(role) for role in held), default=0)
        weight = sum(
            round(1000 / (1 + log(len(self.does[through]))))
            for through in self.met(us) & self.met(other)
        )
        known = other in self.met(us)
        return {
            "theme": got // sum(rarity.values()) if rarity else 0,
            "target-group": 0,
            "role": often * 1000 // (often + 1),
            "call": 0,
            "shared-partner": 0 if known else weight * 1000 // (weight + 1000),
            "new": 0 if known else 1000,
            "experience": len(self.does[other]) * 1000 // (len(self.does[other]) + 3),
        }


@pytest.mark.parametrize("seed", range(2))
def test_rankings_are_those_worked_out_plainly(seed: int, tmp_path: Path) -> None:
    plain = Plain(seed)
    facts = facts_of("\n".join(plain.turtle()), tmp_path)
    for us in plain.does:
        ranking = ranked(facts, us)
        assert points(facts, ranking) == {
            other: plain.points(us, other) for other in points(facts, ranking)
        }
        left = set(plain.does) - {us} - set(points(facts, ranking))
        told = [plain.points(us, other) for other in left]
        assert not any(item["theme"] + item["shared-partner"] for item in told)
        order = [(-item.points, item.organisation) for item in ranking.standings]
        assert [item[0] for item in order] == sorted(item[0] for item in order)
        assert len(reasons(facts, ranking)) == ranking.number
