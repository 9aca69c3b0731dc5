"""Every statement of the tables can be traced to the row that states it."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

import ontology
from graph.dataset import Dataset
from graph.engine import Query
from graph.formats import GRAPH_FORMATS
from graph.identity import Identity
from graph.store import new_buffer
from graph.terms import Term, iri, literal

NQUADS = GRAPH_FORMATS[2]

RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LINE = re.compile(
    r'(<[^>]*>) (<[^>]*>) (<[^>]*>|"(?:[^"\\]|\\.)*"(?:@[a-z0-9-]+|\^\^<[^>]*>)?)(?: <([^>]*)>)? \.'
)

Triple = tuple[str, str, str]


@dataclass
class Graphs:
    """The statements of a release by their graph, as lines of N-Quads."""

    default: set[Triple] = field(default_factory=set)
    ontology: set[Triple] = field(default_factory=set)
    receipts: set[Triple] = field(default_factory=set)
    rows: dict[str, set[Triple]] = field(default_factory=lambda: defaultdict(set))
    others: dict[str, set[Triple]] = field(default_factory=lambda: defaultdict(set))

    @property
    def stated(self) -> set[Triple]:
        """Give what any row states."""
        return set().union(*self.rows.values())

    @property
    def entailed(self) -> set[Triple]:
        """Give what stands in the default graph and is stated nowhere."""
        return self.default - self.stated - self.ontology


@pytest.fixture(scope="module")
def graphs(dataset: Dataset) -> Graphs:
    """Read the dump of the release with nothing of ours but a pattern."""
    body = new_buffer()
    dataset.store.dump(body, NQUADS)
    base = dataset.identity.base
    found = Graphs()
    for line in body.getvalue().decode().splitlines():
        parts = LINE.fullmatch(line)
        assert parts is not None, line
        triple, graph = (parts[1], parts[2], parts[3]), parts[4]
        if graph is None:
            found.default.add(triple)
        elif graph.startswith(f"{base}id/row/"):
            found.rows[graph].add(triple)
        elif graph in {f"{base}id/graph/{name}" for name in ("ontology", "receipts")}:
            getattr(found, graph.rpartition("/")[2]).add(triple)
        else:
            found.others[graph].add(triple)
    return found


def consequences(triple: Triple) -> Iterator[Triple]:
    """Give what the alignments of the ontology entail of one statement."""
    subject, predicate, value = triple
    if predicate == RDF_TYPE:
        for parent in ontology.superclasses(value[1:-1]):
            yield subject, predicate, f"<{parent}>"
    for parent in ontology.superproperties(predicate[1:-1]):
        yield subject, f"<{parent}>", value


def test_all_statements_stand_where_they_belong(graphs: Graphs) -> None:
    # What a build computes has no receipt and is no part of the digest: statistics, description,
    # quality.
    base = "http://localhost:8000/id/graph/"
    names = ("void", "service", "quality", "catalogue")
    assert set(graphs.others) == {f"{base}{name}" for name in names}
    assert len(graphs.rows) > 500
    assert len(graphs.stated) > 5_000
    assert len(graphs.ontology) > 1_000


def test_every_statement_of_the_data_has_a_receipt(graphs: Graphs) -> None:
    """All of them: what stands in no row and not in the ontology follows from what does."""
    premises = graphs.stated | graphs.ontology
    followed = {found for premise in premises for found in consequences(premise)}
    assert graphs.entailed - followed == set()


def test_the_merged_graph_holds_what_is_stated_and_what_follows_and_no_more(
    graphs: Graphs,
) -> None:
    premises = graphs.stated | graphs.ontology
    followed = {found for premise in premises for found in consequences(premise)}
    assert graphs.default == premises | followed


def test_a_row_states_nothing_that_only_follows(graphs: Graphs) -> None:
    """So that a receipt shows what a table says, and not what we make of it."""
    label = ("rdf-schema#label>", "purl.org/dc/terms/subject>", "schema.org/startDate>")
    predicates = {triple[1] for triple in graphs.stated}
    assert predicates
    assert [name for name in predicates if name.endswith(label)] == []


def test_every_row_has_a_number_and_a_table(graphs: Graphs) -> None:
    about = defaultdict(lambda: defaultdict(set))  # type: dict[str, dict[str, set[str]]]
    for subject, predicate, value in graphs.receipts:
        about[subject][predicate].add(value)
    for row in graphs.rows:
        said = about[f"<{row}>"]
        [table] = said[f"<{ontology.Property.FROM_TABLE}>"]
        [number] = said[f"<{ontology.Property.ROW_NUMBER}>"]
        assert number == f'"{row.rpartition("-")[2]}"^^<http://www.w3.org/2001/XMLSchema#integer>'
        assert row.startswith(table[1:-1].replace("/id/table/", "/id/row/") + "-")


SOURCES = Query("""
PREFIX sikg: <https://w3id.org/sikg/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?table ?file ?sha ?source ?title ?publisher ?licence ?retrieved ?version
       (COUNT(?row) AS ?rows) {
  VALUES ?receipts { UNDEF }
  GRAPH ?receipts {
    ?row sikg:fromTable ?table .
    ?table a sikg:Table ; sikg:fileName ?file ; sikg:sha256 ?sha ; sikg:fromSource ?source .
    ?source a sikg:Source ; dcterms:title ?title ; dcterms:publisher ?publisher ;
      dcterms:license ?licence ; sikg:retrieved ?retrieved ; sikg:mappingVersion ?version .
  }
} GROUP BY ?table ?file ?sha ?source ?title ?publisher ?licence ?retrieved ?version
""")


def test_every_table_tells_its_file_publisher_licence_date_and_version(
    dataset: Dataset, graphs: Graphs, data_folder: Path
) -> None:
    receipts = iri(dataset.identity.graph("receipts"))
    found = dataset.store.select(SOURCES.bind(receipts=receipts))
    tables = {row["table"].value for row in found}
    assert len(found) == len(tables) == len(dataset.release.manifest.sources)
    for row in found:
        content = (data_folder / row["file"].value).read_bytes()
        assert row["sha"].value == hashlib.sha256(content).hexdigest()
        assert row["licence"].kind == "uri"
        assert date.fromisoformat(row["retrieved"].value) <= date(2100, 1, 1)
        assert all(row[name].value.strip() for name in ("title", "publisher", "version"))
    assert sum(int(row["rows"].value) for row in found) == len(graphs.rows)


def test_rows_are_counted_as_in_the_manifest_and_the_files(
    dataset: Dataset, graphs: Graphs, data_folder: Path
) -> None:
    for source in dataset.release.manifest.sources:
        prefix = f"{dataset.identity.base}id/row/{source.name}-"
        numbers = {
            int(row.removeprefix(prefix))
            for row in graphs.rows
            if re.fullmatch(re.escape(prefix) + "[0-9]+", row)
        }
        assert len(numbers) == source.rows_loaded
        assert numbers <= set(records(data_folder / source.file))
        assert source.rows_read == source.rows_loaded + source.rows_quarantined


def records(path: Path) -> dict[int, dict[str, str]]:
    """Read a table with nothing of ours: the header is record 1."""
    with path.open(encoding="utf-8", newline="") as file:
        return dict(enumerate(csv.DictReader(file), start=2))


STATED = Query("""
SELECT ?value { VALUES ?row { UNDEF } VALUES ?thing { UNDEF } VALUES ?property { UNDEF }
  GRAPH ?row { ?thing ?property ?value } }
""")


@pytest.mark.parametrize(
    ("source", "segment", "property_name", "column"),
    [
        ("consortia", "consortium", "skos:prefLabel", "full_name"),
        ("consortia", "consortium", "sikg:startDate", "start"),
        ("organisations", "organisation", "skos:prefLabel", "name"),
        ("policies", "policy", "skos:prefLabel", "title"),
        ("programmes", "programme", "skos:prefLabel", "name"),
        ("case-studies", "practice", "dcterms:description", "summary"),
    ],
)
def test_the_number_of_a_row_is_that_of_its_record_in_the_file(
    dataset: Dataset, data_folder: Path, source: str, segment: str, property_name: str, column: str
) -> None:
    """Every row of the table: an error by one would show one record's text for another's."""
    identity = dataset.identity
    [entry] = [item for item in dataset.release.manifest.sources if item.name == source]
    compared = 0
    for number, record in records(data_folder / entry.file).items():
        query = STATED.bind(
            row=iri(identity.row(source, number)),
            thing=iri(identity.entity(segment, record["id"].strip())),
            property=iri(ontology.declared(property_name)),
        )
        expected = [record[column].strip()] if record[column].strip() else []
        assert dataset.store.select(query).values("value") == expected
        compared += len(expected)
    assert compared >= 10


def test_a_statement_is_traced_to_its_rows_in_one_query(
    dataset: Dataset, data_folder: Path
) -> None:
    """As a researcher writes it, who wants to know who says that Germany leads ESIA."""
    base = dataset.identity.base
    found = dataset.store.select(
        Query(f"""
            PREFIX sikg: <https://w3id.org/sikg/ontology#>
            PREFIX dcterms: <http://purl.org/dc/terms/>
            SELECT ?title ?publisher ?licence ?file ?sha256 ?number ?date ?version ?cited {{
              GRAPH ?row {{ <{base}id/consortium/esia> sikg:leadCountry <{base}id/country/DE> }}
              GRAPH <{base}id/graph/receipts> {{
                ?row sikg:rowNumber ?number ; sikg:fromTable ?table .
                ?table sikg:fileName ?file ; sikg:sha256 ?sha256 ; sikg:fromSource ?source .
                ?source dcterms:title ?title ; dcterms:publisher ?publisher ;
                  dcterms:license ?licence ; sikg:retrieved ?date ; sikg:mappingVersion ?version .
                OPTIONAL {{ ?row sikg:citedSource ?cited }}
              }}
            }} ORDER BY ?file ?number
        """)
    )
    files = {(row["file"].value, int(row["number"].value)) for row in found}
    assert ("consortia.csv", 3) in files
    for file, number in files:
        record = records(data_folder / file)[number]
        assert "esia" in record.values()
        assert "DE" in record.values()
    assert any("esf.lt" in row["cited"].value for row in found)


def test_what_a_row_itself_cites_and_how_sure_it_is_stand_in_its_receipt(
    dataset: Dataset, data_folder: Path
) -> None:
    query = Query("""
        PREFIX sikg: <https://w3id.org/sikg/ontology#>
        SELECT ?row ?value { VALUES ?property { UNDEF } GRAPH ?g { ?row ?property ?value } }
    """)
    said: dict[str, dict[str, list[Term]]] = {}
    for name in ("sikg:confidence", "sikg:citedSource"):
        by_row: dict[str, list[Term]] = defaultdict(list)
        for row in dataset.store.select(query.bind(property=iri(ontology.declared(name)))):
            by_row[row["row"].value].append(row["value"])
        said[name] = by_row
    for number, record in records(data_folder / "organisations.csv").items():
        row_iri = dataset.identity.row("organisations", number)
        assert said["sikg:confidence"][row_iri] == [literal(record["confidence"])]
        cited = {part.strip() for part in record["source_url"].split(" | ")} - {""}
        assert {term.value for term in said["sikg:citedSource"][row_iri]} == cited


def test_statements_in_which_sources_differ_are_all_kept(dataset: Dataset) -> None:
    """ESIA: its pages give two starting dates; each stands in a row of its own."""
    query = Query(f"""
        PREFIX sikg: <https://w3id.org/sikg/ontology#>
        SELECT ?row ?date {{
          GRAPH ?row {{ <{Identity().base}id/consortium/esia> sikg:startDate ?date }}
        }}
    """)
    found = dataset.store.select(query)
    assert len(set(found.values("date"))) >= 2
    assert len(set(found.values("row"))) >= 2
