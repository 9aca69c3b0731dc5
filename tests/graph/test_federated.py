"""Federated queries: every example answers from its record, and the endpoint where it is asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from graph.dataset import Dataset
from graph.errors import NotFoundError, StorageError
from graph.federated.answering import answer, ask_endpoint
from graph.federated.examples import Example, example, examples
from graph.guard import check_service
from tests.loaders.serving import Answer, Asked, serving

NAMES = tuple(item.name for item in examples())


def at(item: Example, address: str) -> Example:
    return replace(item, text=item.text.replace(item.endpoint, address))


@pytest.mark.parametrize("name", NAMES)
def test_a_record_stands_for_each_part_that_is_asked_elsewhere(
    dataset: Dataset, tmp_path: Path, name: str
) -> None:
    item = example(name)
    found = answer(item, dataset.store, tmp_path, ())
    assert not found.asked
    assert "service_allow" in found.why
    key, *others = item.variables
    recorded = {row[key].value: row for row in found.recording.solutions}
    # All that is recorded is of things that our graph leads to: no row is left over.
    assert {row[key].value for row in found.solutions} == set(recorded)
    for row in found.solutions:
        assert all(row[other] == recorded[row[key].value][other] for other in others)
    check_service(item.with_recording(found.recording), ())  # asks nobody
    check_service(item.text, (item.endpoint,))


def test_what_an_endpoint_answers_is_asked_for_kept_and_used(
    dataset: Dataset, tmp_path: Path
) -> None:
    asked: list[str] = []
    body = (
        b'{"head": {"vars": ["item", "theirs"]}, "results": {"bindings": [{"item": {"type": "uri",'
        b' "value": "http://www.wikidata.org/entity/Q204181"}, "theirs": {"type": "literal", '
        b'"value": "00made001"}}]}}'
    )

    def answering(request: Asked) -> Answer:
        asked.append(request.query)
        return Answer(body, "application/sparql-results+json")

    with serving(answering) as server:
        item = at(example("research-identifiers"), f"http://127.0.0.1:{server.server_port}/sparql")
        found = answer(item, dataset.store, tmp_path, {item.endpoint})
        item.keep(tmp_path, ask_endpoint(item, dataset.store))
    assert "Q204181" in asked[0]
    assert "skos:exactMatch ?item" not in asked[0]  # only their part is asked of them
    assert found.asked
    [row] = found.solutions
    assert (row["ours"].value, row["theirs"].value) == ("03z77qz90", "00made001")
    assert row["agree"].value == "false"
    # The server is gone: what was kept stands in, and not what came with the program.
    later = answer(item, dataset.store, tmp_path, {item.endpoint})
    assert not later.asked
    assert later.why
    assert list(later.solutions) == list(found.solutions)


def test_what_is_no_example_or_no_record_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="research-projects"):
        example("made-up")
    (tmp_path / "federated").mkdir()
    (tmp_path / "federated/cohesion-money.srj").write_text("{", encoding="utf-8")
    with pytest.raises(StorageError, match="record again"):
        example("cohesion-money").recording(tmp_path)
