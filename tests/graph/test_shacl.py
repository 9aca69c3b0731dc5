"""Things are validated once, as long as what the shapes look at in them stays the same."""

from __future__ import annotations

import pytest

from graph import shacl
from graph.shacl import Known
from ontology import Class, Property, expand

THING = "http://localhost:8000/id/practice/a"
OTHER = "http://localhost:8000/id/practice/b"
PLACE = "http://localhost:8000/id/organisation/c"
TYPE = expand("rdf:type")
NAMELESS = "".join(f"<{thing}> <{TYPE}> <{Class.PRACTICE}> .\n" for thing in (THING, OTHER))
NAMED = f'<{OTHER}> <{expand("skos:prefLabel")}> "B"@en .\n'
CARRIED = f"<{THING}> <{Property.CARRIED_BY}> <{PLACE}> .\n"


def test_what_is_known_is_not_validated_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Known()
    found = first.results([THING, OTHER], (NAMELESS + NAMED).encode(), b"")
    assert {item.focus for item in found} == {THING}

    def never(_: bytes) -> None:
        raise AssertionError("it was validated again")

    monkeypatch.setattr(shacl, "validated", never)
    again = Known(first.now)
    lines = "".join(reversed((NAMELESS + NAMED).splitlines(keepends=True)))
    assert again.results([THING, OTHER], lines.encode(), b"") == found
    assert again.now == first.now
    with pytest.raises(AssertionError, match="validated again"):
        again.results([THING], (NAMELESS + CARRIED).encode(), b"")


def test_a_thing_is_validated_again_where_what_it_names_is_of_another_class() -> None:
    said = (NAMELESS + CARRIED).encode()
    kinds = [f"<{PLACE}> <{TYPE}> <{kind}> .\n" for kind in (Class.ORGANISATION, Class.THEME)]
    right = Known()
    messages = [item.message for item in right.results([THING], said, kinds[0].encode())]
    wrong = Known(right.now).results([THING], said, kinds[1].encode())
    assert len(wrong) == len(messages) + 1
    assert {item.path for item in wrong} >= {Property.CARRIED_BY}
