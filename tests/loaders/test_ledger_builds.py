"""A build writes what is one as one, says why, and leads from the old addresses to the new."""

from __future__ import annotations

from dataclasses import dataclass
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
from graph.release import Release
from graph.report import BuildReport
from loaders.building.build import Inputs, build
from loaders.building.check import check_sources, read_sources
from loaders.building.identities import Identities, identify, write_identities
from loaders.language.mapping import SourceMapping
from tests.loaders.conftest import Bench

PREFIXES = "".join(f"PREFIX {name}: <{iri}> " for name, iri in ontology.PREFIXES.items())
BODIES = """\
entities:
  body:
    type: organisation
    class: Organisation
    key: "{id}"
    properties:
      - {property: skos:prefLabel, column: name, lang: en}
      - {property: skos:exactMatch, column: ror, as: iri}
      - {property: pic, column: pic, as: string}
"""
PROJECTS = """\
entities:
  project:
    type: project
    class: Project
    key: "{id}"
    properties:
      - {property: skos:prefLabel, column: name, lang: en}
      - {property: dcterms:relation, column: body, reference: organisation}
"""
ROR = "https://ror.org/03z77qz90"
OTHER = "https://ror.org/05wp7an13"
FIRST = f"id,name,ror,pic\na,Alpha,{ROR},\nb,Beta,,\n"
SECOND = f"id,name,ror,pic\nalpha y,Alpha again,{ROR},\nc,Gamma,{OTHER},999993953\n"
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
    described = (("first", BODIES), ("second", BODIES), ("projects", PROJECTS))
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
    for thing, names in ((a, {"Alpha", "Alpha again"}), (b, {"Beta", "Gamma"})):
        assert {row["n"] for row in ask(dataset, f"<{thing}> skos:prefLabel ?n")} == names
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
