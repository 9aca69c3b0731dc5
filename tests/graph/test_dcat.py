"""The catalogue of a release: valid by the shapes of DCAT-AP, and telling all that is published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import OWL, RDF, Graph, Literal, Namespace, URIRef

from graph.bridges import count_links
from graph.dataset import Dataset
from graph.dcat.coverage import Contents, Coverage, Publisher, measure
from graph.dcat.describing import GRAPH, Catalogue, Version
from graph.dcat.schema_org import described
from graph.dumps.files import STATEMENTS
from graph.formats import GRAPH_FORMATS
from graph.identity import Identity
from graph.lines import Lines
from graph.store import new_buffer, serialise
from graph.terms import Term

DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
SH = Namespace("http://www.w3.org/ns/shacl#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
BASE = "http://localhost:8000/"
WHOLE = URIRef(f"{BASE}catalogue#graph")
FILES = ("dcat-ap-SHACL.ttl", "shapes.ttl", "range.ttl", "ranges.ttl", "mdr-vocabularies.shape.ttl")


@pytest.fixture(scope="module")
def catalogue(dataset: Dataset) -> Catalogue:
    """Give the catalogue of the release, with the dumps that it may have, and one before it."""
    release = dataset.release
    dumps = [replace(dump, size=7, sha256="0" * 64) for dump in STATEMENTS]
    contents = Contents.read(release.path)
    contents = contents.model_copy(
        update={"publisher": Publisher(name="A centre", contact="mailto:us@example.org")}
    )
    earlier = Version(release.number - 1, datetime(2026, 1, 1, tzinfo=UTC))
    return Catalogue(release.manifest, contents, dumps, [earlier])


@pytest.fixture(scope="module")
def read(catalogue: Catalogue) -> Graph:
    """Read the catalogue as a portal does."""
    return _read(catalogue.statements())


@pytest.fixture(scope="module")
def shapes(shared_folder: Path) -> Graph:
    """Read the official shapes, without those that they name and nowhere define."""
    folder = shared_folder / "suites" / "dcat-ap"
    if not folder.is_dir():
        pytest.skip(f"the shapes of DCAT-AP are not at {folder}")
    found = Graph()
    for name in FILES:
        found.parse(folder / name)
    found.remove((None, OWL.imports, None))
    for shape, part in list(found.subject_objects(SH.property)):
        if found.value(part, SH.path) is None:
            found.remove((shape, SH.property, part))
    return found


def _read(statements: Iterable[tuple[Term, ...]]) -> Graph:
    return Graph().parse(data=serialise(list(statements), GRAPH_FORMATS[0]), format="turtle")


def _violations(data: Graph, shapes: Graph) -> Iterator[tuple[str, str, str]]:
    _, results, _ = validate(data, shacl_graph=shapes, inference="none", advanced=True)
    assert isinstance(results, Graph)
    inner = set(results.objects(None, SH.detail))
    for result in results.subjects(SH.resultSeverity, SH.Violation):
        if result not in inner:
            told = (SH.focusNode, SH.resultPath, SH.resultMessage)
            focus, path, message = (str(results.value(result, name)) for name in told)
            yield focus, path, message


def test_the_catalogue_is_valid_by_the_official_shapes(read: Graph, shapes: Graph) -> None:
    assert list(_violations(read, shapes)) == []


def test_the_shapes_are_applied(read: Graph, shapes: Graph) -> None:
    """A test of the test: what is wrong is found."""
    wrong = Graph() + read
    wrong.remove((WHOLE, DCTERMS.description, None))
    wrong.add((WHOLE, DCTERMS.publisher, Literal("a text")))
    paths = {path for focus, path, _ in _violations(wrong, shapes) if focus == str(WHOLE)}
    assert {str(DCTERMS.description), str(DCTERMS.publisher)} <= paths


def test_it_lists_the_whole_and_each_source(read: Graph, dataset: Dataset) -> None:
    listed = set(read.objects(URIRef(f"{BASE}catalogue"), DCAT.dataset))
    sources = dataset.release.manifest.sources
    named = {URIRef(dataset.identity.entity("source", item.name)) for item in sources}
    assert listed == {WHOLE, *named}
    for source in sources:
        this = URIRef(dataset.identity.entity("source", source.name))
        assert str(read.value(this, DCTERMS.license)) == source.licence
        rights = read.value(this, DCTERMS.rights)
        label = str(read.value(rights, URIRef("http://www.w3.org/2000/01/rdf-schema#label")))
        assert source.publisher in label
        assert source.licence in label


def test_every_distribution_has_a_licence_and_a_checksum_where_it_has_a_size(read: Graph) -> None:
    found = list(read.subjects(RDF.type, DCAT.Distribution))
    assert len(found) > 20
    for one in found:
        assert read.value(one, DCTERMS.license) is not None
        checksum = read.value(one, SPDX.checksum)
        assert (read.value(one, DCAT.byteSize) is None) or checksum is not None


def test_versions_follow_each_other(read: Graph, dataset: Dataset) -> None:
    number = dataset.release.number
    this, before = (URIRef(f"{BASE}catalogue#release-{item}") for item in (number, number - 1))
    assert read.value(this, DCAT.previousVersion) == before
    assert read.value(before, DCAT.previousVersion) is None
    assert read.value(this, DCAT.isVersionOf) == WHOLE
    assert set(read.objects(WHOLE, DCAT.hasVersion)) == {this, before}


def test_coverage_is_told_in_terms_of_the_eu(read: Graph) -> None:
    authority = "http://publications.europa.eu/resource/authority/"
    places = {str(item) for item in read.objects(WHOLE, DCTERMS.spatial)}
    assert f"{authority}country/EST" in places
    languages = {str(item) for item in read.objects(WHOLE, DCTERMS.language)}
    assert {f"{authority}language/{code}" for code in ("ENG", "EST", "LAV")} <= languages
    period = read.value(WHOLE, DCTERMS.temporal)
    assert str(read.value(period, DCAT.startDate)) < str(read.value(period, DCAT.endDate))


def test_publisher_and_contact_are_those_of_the_build(read: Graph) -> None:
    vcard = Namespace("http://www.w3.org/2006/vcard/ns#")
    contact = read.value(WHOLE, DCAT.contactPoint)
    assert str(read.value(contact, vcard.hasEmail)) == "mailto:us@example.org"
    assert str(read.value(contact, vcard.fn)) == "A centre"


def test_a_release_holds_its_catalogue_as_a_graph(dataset: Dataset) -> None:
    target = new_buffer()
    graph = dataset.identity.graph(GRAPH)
    dataset.store.dump(target, GRAPH_FORMATS[1], graph=graph)
    held = Graph().parse(data=target.getvalue(), format="nt")
    contents = Contents.read(dataset.release.path)
    catalogue = Catalogue(dataset.release.manifest, contents, timed=False)
    written = _read(catalogue.statements())
    assert set(held) == set(written)


def test_schema_org_says_the_same(catalogue: Catalogue) -> None:
    document = described(catalogue)
    assert document["@type"] == "Dataset"
    assert document["version"] == str(catalogue.manifest.number)
    assert [item["contentUrl"].rpartition("/")[2] for item in document["distribution"]] == [
        dump.name for dump in STATEMENTS
    ]
    assert len(document["hasPart"]) == len(catalogue.manifest.sources)
    assert all(part["license"] for part in document["hasPart"])


def _lines(tmp_path: Path, *lines: str) -> Lines:
    path = tmp_path / "lines.nt"
    path.write_text("".join(f"{line} .\n" for line in lines), encoding="utf-8")
    return Lines((path,), ())


def test_coverage_is_measured_from_statements(tmp_path: Path) -> None:
    sikg = "https://w3id.org/sikg/ontology#"
    day = "http://www.w3.org/2001/XMLSchema#date"
    lines = _lines(
        tmp_path,
        f"<{BASE}id/practice/a> <{sikg}country> <{BASE}id/country/EE>",
        f'<{BASE}id/practice/a> <{sikg}startDate> "2019-05-01"^^<{day}>',
        f'<{BASE}id/practice/a> <{sikg}endDate> "2023"',
        f'<{BASE}id/practice/a> <{sikg}city> "Tartu"@et',
        f'<{BASE}id/practice/a> <{sikg}acronym> "AB"@und',
        f'<{BASE}id/practice/a> <{sikg}amount> "1999"',
    )
    assert measure(lines) == Coverage(
        languages=("et",), countries=(f"{BASE}id/country/EE",), years=(2019, 2023)
    )


def test_nothing_covers_nothing(tmp_path: Path) -> None:
    assert measure(_lines(tmp_path, "<http://a> <http://b> <http://c>")) == Coverage()


def test_links_are_counted_by_target_and_property(tmp_path: Path) -> None:
    match = "http://www.w3.org/2004/02/skos/core#exactMatch"
    lines = _lines(
        tmp_path,
        f"<{BASE}id/organisation/a> <{match}> <http://www.wikidata.org/entity/Q1>",
        f"<{BASE}id/organisation/b> <{match}> <http://www.wikidata.org/entity/Q2>",
        f"<{BASE}id/organisation/b> <{match}> <http://www.wikidata.org/entity/Q2>",
        f"<{BASE}id/organisation/b> <{match}> <https://example.org/b>",
        f"<{BASE}id/country/EE> <{match}> <http://data.europa.eu/nuts/code/EE>",
    )
    found = {(item.target, item.property): item.count for item in count_links(lines)}
    assert found == {("wikidata", "skos:exactMatch"): 2, ("nuts", "skos:exactMatch"): 1}


def test_a_catalogue_without_contents_is_one_still(dataset: Dataset) -> None:
    """Releases that were built before there were catalogues have no file of them."""
    statements = Catalogue(dataset.release.manifest, Contents.read(Path("nowhere"))).statements()
    read = _read(statements)
    assert (WHOLE, RDF.type, DCAT.Dataset) in read
    assert Identity(BASE).entity("source", "organisations") in {
        str(item) for item in read.objects(URIRef(f"{BASE}catalogue"), DCAT.dataset)
    }
