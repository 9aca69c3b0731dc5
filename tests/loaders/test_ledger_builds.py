"""A build writes what is one as one, says why, and leads from the old addresses to the new."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import ontology
from api.app import create_app
from api.settings import Settings
from graph.dataset import Dataset
from graph.engine import Query
from graph.errors import LedgerError
from graph.identities.ledger import COLUMNS
from graph.identity import Identity
from graph.release import Release, Releases
from graph.report import BuildReport
from graph.writing import place
from graph.writing.requests import Outcome, Write
from graph.writing.writer import Writer
from loaders.building.build import Inputs, build
from loaders.building.check import check_sources, read_sources
from loaders.building.identities import Identities, identify, write_identities
from loaders.language.mapping import SourceMapping
from tests.loaders.conftest import Bench
from tests.loaders.described import BODIES, OTHER_ROR, PICS, PROJECTS, ROR

PREFIXES = "".join(f"PREFIX {name}: <{iri}> " for name, iri in ontology.PREFIXES.items())
ALSO = ontology.expand("skos:altLabel")
FIRST = f"id,name,ror,pic\na,Alpha,{ROR},\nb,Beta,,\n"
SECOND = f"id,name,ror,pic\nalpha y,Alpha again,{ROR},\nc,Gamma,{OTHER_ROR},999993953\n"
HEAD = ",".join(COLUMNS) + "\n"
B_IS_C = "organisation/b,organisation/c,same,0.97,one name and one town,Anna,2026-11-22\n"


@dataclass(frozen=True)
class Workspace:
    """A folder with three small sources, and the releases of it."""

    bench: Bench
    mappings: list[SourceMapping]

    def inputs(self, ledger: str, **tables: str) -> Inputs:
        """Lay out the tables and the ledger, given by its lines."""
        written = {"first": FIRST, "second": SECOND, "projects": "id,name,body\np,One,alpha y\n"}
        made = self.bench.inputs(*self.mappings, **{**written, **tables})
        path = self.bench.file("identities.csv", HEAD + ledger) if ledger else None
        return Inputs(made.mappings, made.data, made.identity, ledger=path)

    def identify(self, ledger: str = "", **tables: str) -> Identities:
        """Tell what a build would join."""
        inputs = self.inputs(ledger, **tables)
        sources = read_sources(inputs.mappings, inputs.data)
        known = check_sources(sources, inputs.identity, {})
        return identify(sources, inputs.identity, known, inputs.ledger)


@pytest.fixture(scope="module", name="workspace")
def _workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    bench = Bench(tmp_path_factory.mktemp("ledger"))
    described = (("first", BODIES + PICS), ("second", BODIES + PICS), ("projects", PROJECTS))
    return Workspace(bench, [bench.mapping(text, name) for name, text in described])


@pytest.fixture(scope="module", name="built")
def _built(workspace: Workspace) -> tuple[Release, BuildReport]:
    """Build once: `alpha y` shares an identifier with `a`, and Anna judged `c` to be `b`."""
    return build(workspace.bench.releases(), workspace.inputs(B_IS_C))


def ask(dataset: Dataset, where: str) -> list[dict[str, str]]:
    found = dataset.store.select(Query(f"{PREFIXES} SELECT * WHERE {{ {where} }}"))
    return [{name: term.value for name, term in row.items()} for row in found]


def test_subjects_and_references_are_written_as_the_one_that_they_are(
    built: tuple[Release, BuildReport],
) -> None:
    release, report = built
    dataset, organisation = Dataset.open(release), release.identity.entity
    a, b = organisation("organisation", "a"), organisation("organisation", "b")
    for old in ("alpha y", "c"):
        assert ask(dataset, f"<{organisation('organisation', old)}> ?p ?o") == []
    for thing, name, other in ((a, "Alpha", "Alpha again"), (b, "Beta", "Gamma")):
        assert ask(dataset, f"<{thing}> skos:prefLabel ?n") == [{"n": name}]
        assert ask(dataset, f"GRAPH ?row {{ <{thing}> skos:altLabel ?n }}")[0]["n"] == other
    assert [row["o"] for row in ask(dataset, "?project dcterms:relation ?o")] == [a]
    assert (report.identities.judged, report.identities.shared) == (1, 1)
    assert report.shapes.violations == 0


def test_each_same_as_has_a_receipt_that_tells_its_reason(
    built: tuple[Release, BuildReport],
) -> None:
    told = ask(
        Dataset.open(built[0]),
        "GRAPH ?row { ?thing owl:sameAs ?old } GRAPH ?receipts { ?row sikg:rowNumber ?n ; "
        "sikg:citedSource ?why ; sikg:fromTable/sikg:fileName ?file }",
    )
    judged = "organisation/b and organisation/c judged same"
    assert sorted((row["n"], row["file"], row["old"][-9:], row["why"]) for row in told) == [
        ("2", "identities.csv", "alpha%20y", f"they share the ROR {ROR}"),
        (
            "3",
            "identities.csv",
            "isation/c",
            f"line 2: {judged} by Anna on 2026-11-22, score 0.970: one name and one town",
        ),
    ]


def test_old_addresses_lead_to_the_new_for_good(
    workspace: Workspace,
    built: tuple[Release, BuildReport],  # noqa: ARG001  # it is what is served
) -> None:
    app = create_app(Settings(home=workspace.bench.folder / "home"))
    with TestClient(app, follow_redirects=False) as web:
        for asked, where in (
            ("/id/organisation/alpha%20y", "/id/organisation/a"),
            ("/id/organisation/c?format=turtle", "/id/organisation/b?format=turtle"),
            ("/data/organisation/c", "/data/organisation/b"),
            ("/data/organisation/c.ttl", "/data/organisation/b.ttl"),
            ("/page/organisation/c?lang=et", "/page/organisation/b?lang=et"),
            ("/api/v1/organisation/c?lang=et", "/api/v1/organisation/b?lang=et"),
        ):
            answer = web.get(asked)
            assert (answer.status_code, answer.headers["location"]) == (301, where), asked
        assert web.head("/id/organisation/c").status_code == 301
        assert web.get("/id/organisation/b").status_code == 303
        assert "one name and one town" in web.get("/page/organisation/b").text


def test_what_people_write_of_a_merged_thing_follows_it_and_comes_back(
    workspace: Workspace,
    built: tuple[Release, BuildReport],  # noqa: ARG001  # a copy of it is written to
    tmp_path: Path,
) -> None:
    releases = Releases(shutil.copytree(workspace.bench.folder / "home", tmp_path / "home"))
    identity = Identity()
    b, c = (identity.entity("organisation", key) for key in "bc")
    graph = f"{identity.base}id/graph/edits/a"
    text = f'INSERT DATA {{ GRAPH <{graph}> {{ <{c}> <{ALSO}> "Gee"@en }} }}'
    write = Write("update", "Mari", sha256(text.encode()).hexdigest(), text.encode())
    [outcome] = Writer(releases, place.folder(releases.home)).write([write])
    assert isinstance(outcome, Outcome)
    for ledger, thing in ((None, b), ("", c)):
        if ledger is not None:
            build(releases, workspace.inputs(ledger))
        dataset = Dataset.open(releases.current())
        told = ask(dataset, '?thing skos:altLabel ?name FILTER(?name = "Gee"@en)')
        assert told == [{"thing": thing, "name": "Gee"}]
        assert [hit.iri for hit in dataset.search.search("gee")] == [thing]


def test_a_wrong_ledger_stops_the_build_and_the_release_before_stays(
    workspace: Workspace, built: tuple[Release, BuildReport]
) -> None:
    a_is_c = B_IS_C.replace("organisation/b", "organisation/a")
    a_is_not_b = B_IS_C.replace("/b,organisation/c,same", "/a,organisation/b,different")
    for ledger in (B_IS_C.replace("same", "maybe"), B_IS_C + a_is_c + a_is_not_b):
        with pytest.raises(LedgerError):
            build(workspace.bench.releases(), workspace.inputs(ledger))
    assert workspace.bench.releases().current().number == built[0].number


def test_without_anything_shared_nothing_is_joined(workspace: Workspace, tmp_path: Path) -> None:
    found = workspace.identify(second=SECOND.replace(ROR, ""))
    assert found.merged == {}
    assert write_identities(found, Identity(), None, tmp_path, tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def names_of(found: Identities) -> set[tuple[str, str]]:
    assert found.demoted is not None
    return {(s[-2], o.partition('"@')[0][1:]) for s, o in found.demoted.iter_rows()}


def test_one_name_a_language_stays_preferred_by_a_rule_that_is_stated(
    workspace: Workspace,
) -> None:
    c_first = B_IS_C.replace("organisation/b,organisation/c", "organisation/c,organisation/b")
    assert names_of(workspace.identify(c_first)) == {("a", "Alpha again"), ("c", "Beta")}
    # What most rows say comes first among equals, and then the order of letters.
    second = SECOND + f"d,Delta,{ROR},\ne,Delta,{ROR},\nf,Cee,{ROR},\n"
    named = {"Alpha again", "Cee", "Delta"}
    assert names_of(workspace.identify(second=second)) == {("a", name) for name in named}
    unnamed = FIRST.replace("a,Alpha,", "a,,")
    left = {("a", "Alpha again"), ("a", "Cee")}
    assert names_of(workspace.identify(first=unnamed, second=second)) == left


def test_a_code_is_preferred_only_where_there_is_no_name(workspace: Workspace) -> None:
    bench = Bench(workspace.bench.folder)
    codes = bench.mapping((BODIES + PICS).replace("lang: en", "lang: zxx"), "first")
    inputs = replace(workspace.inputs(""), mappings=[codes, *workspace.mappings[1:]])
    for name, demoted in (("Name", {("a", "A-7")}), ("", set[tuple[str, str]]())):
        bench.file("first.csv", f"id,name,ror,pic\na,A-7,{ROR},\n")
        bench.file("second.csv", f"id,name,ror,pic\nb,{name},{ROR},\n")
        sources = read_sources(inputs.mappings, inputs.data)
        known = check_sources(sources, inputs.identity, {})
        assert names_of(identify(sources, inputs.identity, known, None)) == demoted


def test_a_name_that_only_later_rows_of_one_thing_have_is_no_rival(workspace: Workspace) -> None:
    once = (BODIES + PICS).replace('key: "{id}"\n', 'key: "{id}"\n    once: true\n')
    mapping = workspace.bench.mapping(once, "first")
    inputs = replace(workspace.inputs(""), mappings=[mapping, *workspace.mappings[1:]])
    rows = f"id,name,ror,pic\na,Zeta,{ROR},\na,Alpha,{ROR},\na,Alpha,{ROR},\n"
    workspace.bench.file("first.csv", rows)
    sources = read_sources(inputs.mappings, inputs.data)
    known = check_sources(sources, inputs.identity, {})
    found = identify(sources, inputs.identity, known, None)
    assert names_of(found) == {("a", "Alpha again")}


def test_a_withdrawn_line_parts_again(workspace: Workspace) -> None:
    withdrawn = B_IS_C.replace("same,0.97", "withdrawn,").replace("-22\n", "-23\n")
    assert workspace.identify(B_IS_C).merged["organisation"]["c"] == "b"
    assert "c" not in workspace.identify(B_IS_C + withdrawn).merged["organisation"]


def test_a_different_identifier_keeps_apart_and_is_reported(workspace: Workspace) -> None:
    found = workspace.identify(
        first=FIRST.replace(f"{ROR},", f"{ROR},998802502"),
        second=SECOND.replace(f"{ROR},", f"{ROR},999993953"),
    )
    assert found.merged == {}
    told = [item for item in found.report().conflicts if ROR in item]
    assert len(told) == 1
    assert "998802502 (organisation/a)" in told[0]
    assert "999993953 (organisation/alpha%20y" in told[0]


def test_what_a_release_must_not_name_is_not_joined(workspace: Workspace) -> None:
    inputs = workspace.inputs(B_IS_C)
    sources = read_sources(inputs.mappings, inputs.data)
    known = check_sources(sources, inputs.identity, {})
    hidden = inputs.identity.entity("organisation", "c")
    found = identify(sources, inputs.identity, known, inputs.ledger, hidden.__eq__)
    assert "c" not in found.merged["organisation"]
    assert "organisation/c" not in found.resolution.canonical
