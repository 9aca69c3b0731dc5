"""The digest tells contents apart, and can be computed again from what is served."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.dataset import Dataset
from graph.digest import Digest
from graph.formats import GRAPH_FORMATS
from graph.identity import Identity
from graph.release import Releases
from graph.store import Store, new_buffer
from loaders.building.build import Inputs, build
from loaders.language.mapping import read_mappings

NQUADS = GRAPH_FORMATS[2]

lines = st.lists(st.binary(max_size=8).map(lambda body: body.replace(b"\n", b"")), unique=True)
# The object is a whole IRI or literal, so that no text of it is taken for the graph.
IN_GRAPH = re.compile(
    rb'<[^>]*> <[^>]*> (?:<[^>]*>|"(?:[^"\\]|\\.)*"(?:@[a-z0-9-]+|\^\^<[^>]*>)?) <([^>]*)> \.'
)


def digest(given_lines: list[bytes]) -> str:
    made = Digest()
    made.add_lines(given_lines)
    return made.hexdigest()


def dumped(store: Store) -> list[bytes]:
    body = new_buffer()
    store.dump(body, NQUADS)
    return body.getvalue().splitlines()


def in_a_graph(given_lines: list[bytes]) -> Iterator[bytes]:
    for line in given_lines:
        graph = IN_GRAPH.fullmatch(line)
        if graph is not None:
            yield line


@given(lines, st.randoms())
def test_the_order_of_statements_is_none_of_the_content(
    given_lines: list[bytes], random: Random
) -> None:
    shuffled = list(given_lines)
    random.shuffle(shuffled)
    assert digest(shuffled) == digest(given_lines)


@given(lines, lines)
def test_it_is_the_same_for_the_same_statements_only(one: list[bytes], other: list[bytes]) -> None:
    assert (digest(one) == digest(other)) == (set(one) == set(other))


@given(lines)
def test_parts_may_be_added_one_by_one(given_lines: list[bytes]) -> None:
    made = Digest()
    for line in given_lines:
        made.add_lines([line])
    assert made.hexdigest() == digest(given_lines)


def test_it_is_the_sum_of_the_hashes_of_the_lines() -> None:
    """So that anybody can compute it with other tools."""
    given_lines = [b"<a:a> <a:b> <a:c> <a:g> .", b"<a:a> <a:b> <a:d> <a:g> ."]
    total = sum(int.from_bytes(hashlib.sha512(line).digest()) for line in given_lines)
    assert digest(given_lines) == f"{total % 2**512:0128x}"
    assert digest([]) == "0" * 128


def test_a_file_counts_as_its_lines(tmp_path: Path) -> None:
    made, unended = Digest(), Digest()
    (tmp_path / "ended.nq").write_bytes(b"one\ntwo\n")
    (tmp_path / "unended.nq").write_bytes(b"two\none")
    made.add_file(tmp_path / "ended.nq")
    unended.add_file(tmp_path / "unended.nq")
    assert made.hexdigest() == unended.hexdigest() == digest([b"one", b"two"])


def test_one_changed_statement_changes_the_digest_of_a_release(dataset: Dataset) -> None:
    given_lines = dumped(dataset.store)
    changed = [given_lines[0].replace(b"<http", b"<https", 1), *given_lines[1:]]
    assert digest(changed) != digest(given_lines)
    assert digest(given_lines[1:]) != digest(given_lines)


def test_the_digest_of_a_release_is_that_of_its_dump(dataset: Dataset) -> None:
    """So that our own N-Quads are those that the store writes: canonical."""
    # Statistics, description and quality are computed, and no part of the digest.
    names = ("void", "service", "quality", "catalogue")
    computed = tuple(f"<{dataset.identity.graph(name)}> .".encode() for name in names)
    found = in_a_graph(dumped(dataset.store))
    kept = [line for line in found if not line.endswith(computed)]
    assert len(kept) > 10_000
    assert digest(kept) == dataset.release.manifest.digest


def test_a_dump_loaded_and_dumped_again_has_the_same_digest(dataset: Dataset) -> None:
    first = dumped(dataset.store)
    again = Store.in_memory()
    again.load(b"\n".join(first) + b"\n", NQUADS)
    assert len(again) == len(dataset.store)
    assert digest(dumped(again)) == digest(first)


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory, data_folder: Path) -> Dataset:
    """Build the same release again, elsewhere."""
    home = tmp_path_factory.mktemp("second")
    release, _ = build(Releases(home), Inputs(read_mappings(), data_folder, Identity()))
    return Dataset.open(release)


def test_two_builds_of_the_same_tables_have_one_digest(dataset: Dataset, second: Dataset) -> None:
    one, other = dataset.release.manifest, second.release.manifest
    assert (one.digest, one.statements, one.quads) == (other.digest, other.statements, other.quads)
    assert sorted(dumped(dataset.store)) == sorted(dumped(second.store))


def test_two_builds_of_the_same_tables_have_one_report(dataset: Dataset, second: Dataset) -> None:
    assert dataset.release.report_path.read_bytes() == second.release.report_path.read_bytes()
