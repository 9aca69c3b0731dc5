"""The ready sources of endpoints, asked of an endpoint of this test over data of their shape.

The data are made up after the models that these endpoints describe; the endpoints themselves are
never asked here. Queries are evaluated, and paged, as the real ones would be.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.endpoint import Limits
from graph.engine import Query
from graph.formats import GRAPH_FORMATS, by_name
from graph.identity import Identity
from graph.store import Store
from graph.terms import Solutions
from loaders.building.check import Checked, check_sources, read_sources
from loaders.building.vocabulary import Vocabulary
from loaders.engine import Engine
from loaders.fetching.hosts import Hosts
from loaders.fetching.options import Fetching
from loaders.language.mapping import SourceMapping, read_mapping
from ontology import expand
from tests.loaders.serving import Answer, Asked, serving
from tests.loaders.test_published import SOURCES

TURTLE = by_name(GRAPH_FORMATS, "turtle")
RESULTS = "application/sparql-results+json"
WIKIDATA = """\
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
wd:Q9000001 wdt:P5785 "990000001" ; wdt:P6782 "00made001" ; wdt:P17 wd:Q191 ;
    wdt:P856 <https://university.example.org> ;
    rdfs:label "Made-up University"@en, "Väljamõeldud ülikool"@et, "Universität"@de .
wd:Q9000002 wdt:P5785 "990000002" ; wdt:P3608 "LV40000000001" ; wdt:P17 wd:Q211 ;
    rdfs:label "Izdomāta biedrība"@lv .
wd:Q9000003 wdt:P5785 "990000003" ; rdfs:label "Without much"@en .
wd:Q9000004 rdfs:label "Without a number"@en .
wd:Q191 wdt:P297 "EE" . wd:Q211 wdt:P297 "LV" .
"""
PUBLICATIONS = """\
@prefix cdm: <http://publications.europa.eu/ontology/cdm#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix language: <http://publications.europa.eu/resource/authority/language/> .
@prefix ex: <https://example.org/> .
ex:concept skos:prefLabel "social innovation"@en .
ex:work cdm:work_is_about_concept_eurovoc ex:concept ;
    cdm:work_date_document "2021-06-24"^^xsd:date ;
    cdm:resource_legal_id_celex "32021R9999"^^xsd:string .
ex:english cdm:expression_belongs_to_work ex:work ; cdm:expression_title "A made-up regulation"@en ;
    cdm:expression_uses_language language:ENG .
ex:estonian cdm:expression_belongs_to_work ex:work ; cdm:expression_title "Väljamõeldud määrus"@et ;
    cdm:expression_uses_language language:EST .
ex:german cdm:expression_belongs_to_work ex:work ; cdm:expression_title "Verordnung"@de ;
    cdm:expression_uses_language language:DEU .
"""
EURIO = """\
@prefix eurio: <http://data.europa.eu/s66#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://example.org/> .
ex:1 a eurio:Project ; eurio:identifier "900001" ; eurio:title "Social innovation, made up" ;
    eurio:acronym "MADE" ; eurio:startDate "2024-01-01T00:00:00"^^xsd:dateTime ;
    eurio:endDate "2026-12-31T00:00:00"^^xsd:dateTime ; eurio:hasTotalCost ex:cost .
ex:cost eurio:value "1500000.5"^^xsd:decimal ; eurio:currency "EUR" .
ex:2 a eurio:Project ; eurio:identifier "900002" ; eurio:title "Measuring social innovation" .
ex:3 a eurio:Project ; eurio:identifier "900003" ; eurio:title "Of something else" .
"""
KOHESIO = """\
@prefix kp: <https://linkedopendata.eu/prop/direct/> .
@prefix ke: <https://linkedopendata.eu/entity/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ke:Q1 kp:P173 "EE" . ke:Q2 kp:P173 "LV" . ke:Q3 kp:P173 "FR" .
ke:Q9000001 kp:P35 ke:Q9934 ; kp:P32 ke:Q1 ; rdfs:label "Küla köök"@et, "Village kitchen"@en ;
    kp:P20 "2023-09-04T00:00:00Z"^^xsd:dateTime ; kp:P474 200000.5 ; kp:P835 170000.43 ;
    kp:P889 ke:Q9100001, ke:Q9100002 .
ke:Q9000002 kp:P35 ke:Q9934 ; kp:P32 ke:Q2 ; rdfs:label "Virtuve"@lv ; kp:P835 10 .
ke:Q9000003 kp:P35 ke:Q9934 ; kp:P32 ke:Q3 ; rdfs:label "Cuisine"@fr .
ke:Q9100001 rdfs:label "Väljamõeldud selts MTÜ"@et . ke:Q9100002 rdfs:label "Teine selts MTÜ"@et .
"""
SHAPES = {
    "wikidata-organisations": (WIKIDATA, 4, {"skos:prefLabel": 4, "sikg:pic": 3}),
    "publications-policies": (PUBLICATIONS, 2, {"skos:prefLabel": 2, "sikg:documentDate": 1}),
    "eurio-projects": (EURIO, 2, {"skos:prefLabel": 2, "sikg:amount": 1}),
    "kohesio-graph-projects": (KOHESIO, 3, {"skos:prefLabel": 4, "sikg:amount": 3}),
}


def evaluating(data: str) -> Callable[[Asked], Answer]:
    """Give an endpoint over some statements."""
    assert TURTLE is not None
    store = Store.in_memory()
    store.load(data.encode(), TURTLE)
    return lambda asked: Answer(written(store.select(Query(asked.query))), RESULTS)


def written(found: Solutions) -> bytes:
    bindings = [
        {
            name: {"type": term.kind, "value": term.value}
            | ({"xml:lang": term.language} if term.language else {})
            for name, term in row.items()
        }
        for row in found
    ]
    head = {"vars": list(found.variables)}
    return json.dumps({"head": head, "results": {"bindings": bindings}}).encode()


def asked_at(mapping: SourceMapping, address: str, **rows: object) -> SourceMapping:
    """Give the mapping with another endpoint."""
    update = {"endpoint": f"{address}/sparql", "pause": 0.0, **rows}
    return mapping.model_copy(update={"rows": mapping.rows.model_copy(update=update)})


@pytest.fixture
def options(tmp_path: Path) -> Fetching:
    """Fetch from this machine."""
    limits = Limits(timeout=5.0, retries=0)
    return Fetching(tmp_path / "copies", Hosts(("127.0.0.1",)), fresh=0.0, answers=limits)


def check(mapping: SourceMapping, folder: Path, options: Fetching) -> Checked:
    (source,) = read_sources([mapping], folder, fetching=options)
    known = {**Vocabulary.read(Identity()).concepts, "country": {"EE", "LV"}}
    check_sources([source], Identity(), known)
    return source


@pytest.mark.parametrize("size", [1_000, 3], ids=["whole", "paged"])
@pytest.mark.parametrize("name", SHAPES)
def test_a_ready_source_loads_what_its_endpoint_answers(
    name: str, size: int, tmp_path: Path, options: Fetching
) -> None:
    data, rows, counts = SHAPES[name]
    mapping = read_mapping(SOURCES / "endpoints" / f"{name}.yaml")
    with serving(evaluating(data)) as server:
        source = check(asked_at(mapping, server.address, page=size), tmp_path, options)
        assert len(server.asked) > rows // size
    assert (source.table.rows_read, source.problems, source.unmapped) == (rows, [], [])
    engine = Engine(source.mapping, Identity())
    found = {
        (strand.predicate, *line)
        for strand in engine.strands(engine.first_rows(source.good))
        for line in strand.frame.select("s", "o").iter_rows()
    }
    stated = Counter(predicate for predicate, *_ in found)
    assert {name: stated[expand(name)] for name in counts} == counts
