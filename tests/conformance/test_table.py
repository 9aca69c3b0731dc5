"""The table of known failures names tests that there are, and the suites are read whole."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from tests.conformance.known_failures import BY_VALUE, KNOWN, OUT_OF_SCOPE
from tests.conformance.manifests import Entry, entries
from tests.conformance.suites import REQUIRED, SuitesAbsentError
from tests.conformance.test_graph_store_suite import STEPS


@pytest.fixture(scope="module")
def read() -> tuple[Entry, ...]:
    """Give the entries of all manifests; skip where the suites cannot be had."""
    try:
        return entries()
    except SuitesAbsentError as error:
        if os.environ.get(REQUIRED) == "1":
            raise
        pytest.skip(str(error))


def test_both_suites_are_read_whole(read: tuple[Entry, ...]) -> None:
    assert Counter(entry.name.partition("/")[0] for entry in read) == {
        "sparql10": 442,
        "sparql11": 547,
    }


def test_what_is_listed_is_a_test_of_the_suites(read: tuple[Entry, ...]) -> None:
    names = {entry.name for entry in read} | {f"http-rdf-update#{step.name}" for step in STEPS}
    assert names >= {*KNOWN, *BY_VALUE}
    assert {entry.group for entry in read} >= set(OUT_OF_SCOPE)


def test_nothing_is_listed_twice() -> None:
    assert not BY_VALUE & set(KNOWN)
    assert all(name.partition("#")[0] not in OUT_OF_SCOPE for name in (*KNOWN, *BY_VALUE))
