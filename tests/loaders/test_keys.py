"""Keys for tables without identifiers: the same for the same thing, and no other."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from graph.errors import MappingError
from graph.identity import Identity
from loaders.engine import Engine

if TYPE_CHECKING:
    from loaders.language.mapping import SourceMapping
    from tests.loaders.conftest import Bench

PROJECT = """\
entities:
  project:
    type: project
    class: Project
    key: "{key}"
    unique: true
    properties:
      - {{property: skos:prefLabel, column: name, lang: en}}
"""


def keys(bench: Bench, mapping: SourceMapping, content: str) -> list[str]:
    """Give the keys of all rows."""
    table = bench.table(content)
    ((_, frame),) = Engine(mapping, Identity()).keys(table.frame)
    return [str(key) for key in frame["key"]]


def mapped(bench: Bench, key: str, more: str = "") -> SourceMapping:
    """Read a mapping with a key."""
    return bench.mapping(PROJECT.format(key=key) + more)


def test_one_name_is_one_key_whatever_its_case_and_blanks(bench: Bench) -> None:
    content = "name\nSA Sihtasutus\n  sa  SIHTASUTUS \nSA Sihtasutus 2\nŠÍLENÝ\nšílený\n"
    found = keys(bench, mapped(bench, "{name|hash}"), content)
    assert found[0] == found[1] == hashlib.sha256(b"sa sihtasutus").hexdigest()[:16]
    assert found[3] == found[4]
    assert len(set(found)) == 3


def test_a_hash_of_nothing_is_no_key(bench: Bench) -> None:
    mapping = mapped(bench, "x-{name|hash}")
    assert bench.faults(mapping, 'id,name\na,\nb," "\nc,d\n') == [
        (2, "the key is empty"),
        (3, "the key is empty"),
    ]


def test_rows_of_one_content_have_keys_of_their_own(bench: Bench) -> None:
    mapping = mapped(bench, "{#source}-{#content}")
    content = "name,sum\na,1\nb,1\na,1\na,2\na,1\n"
    found = keys(bench, mapping, content)
    assert len(set(found)) == 5
    assert found[2] == f"{found[0]}-2"
    assert found[4] == f"{found[0]}-3"
    assert all(key.startswith("things-") for key in found)
    assert bench.faults(mapping, content) == []


def test_a_key_of_the_content_stays_when_rows_are_put_in_or_moved(bench: Bench) -> None:
    mapping = mapped(bench, "{#content}")
    before = keys(bench, mapping, "name,sum\na,1\nb,2\n")
    after = keys(bench, mapping, "name,sum\nc,3\nb,2\na,1\n")
    assert after[1:] == before[::-1]


def test_cells_that_are_shifted_are_another_content(bench: Bench) -> None:
    first, second = keys(bench, mapped(bench, "{#content}"), "name,sum\nab,c\na,bc\n")
    assert first != second
    assert len(first) == len(second) == 16  # neither is numbered


def test_only_the_columns_that_identify_count(bench: Bench) -> None:
    mapping = mapped(bench, "{#content}", "identified_by: [name]\n")
    before = keys(bench, mapping, "name,sum\na,1\na,1\nb,2\n")
    after = keys(bench, mapping, "name,sum\na,100\na,7\nb,200\n")
    assert before == after == [before[0], f"{before[0]}-2", before[2]]


def test_keys_do_not_change_when_a_row_before_is_set_aside(bench: Bench) -> None:
    mapping = mapped(
        bench, "{#content}", "      - {property: startDate, column: when, as: date}\n"
    ).model_copy(update={"identified_by": ("name",)})
    (source,) = bench.check([mapping], things="name,when\na,wrong\na,2020\n")
    ((_, frame),) = Engine(mapping, Identity()).keys(source.good)
    assert str(frame["key"][0]).endswith("-2")


def test_a_row_number_is_a_key(bench: Bench) -> None:
    assert keys(bench, mapped(bench, "{#source}-{#row}"), "name\na\n\nb\n") == [
        "things-2",
        "things-4",
    ]


def test_a_column_may_have_a_number_sign_for_its_name(bench: Bench) -> None:
    assert keys(bench, mapped(bench, "{#}"), "#,name\n7,a\n") == ["7"]


@pytest.mark.parametrize(
    ("key", "cause"),
    [
        ("{#source}", "names no column"),
        ("{#rows}-{name}", "there is no {#rows}, only #content, #row, #source"),
        ("{#row|hash}", "only a column is hashed"),
        ("{|hash}", "the braces of '{|hash}' do not match"),
    ],
)
def test_a_key_that_tells_no_rows_apart_is_refused(bench: Bench, key: str, cause: str) -> None:
    with pytest.raises(MappingError) as caught:
        mapped(bench, key)
    assert cause in str(caught.value)
