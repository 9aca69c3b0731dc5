"""The ledger is checked line by line, and what follows from it does not depend on its order."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from graph.errors import LedgerError
from graph.identities.clusters import Shared, differing, resolve
from graph.identities.ledger import (
    COLUMNS,
    Judgement,
    Word,
    in_force,
    ledger_line,
    read_ledger,
    write_ledger,
)
from graph.identities.redirects import Redirects, write_redirects
from graph.identities.schemes import identifier
from graph.identity import Reference
from ontology import Property, expand

HEAD = ",".join(COLUMNS) + "\n"
GOOD = "organisation/a,organisation/b,same,0.973,one name,Anna,2026-11-22"


def judged(left: str, right: str, word: Word = "same", day: int = 22) -> Judgement:
    names = (f"organisation/{left}", f"organisation/{right}")
    return Judgement(*names, word, None, "read on both sites", "Anna", date(2026, 11, day))


def things(*names: str) -> set[str]:
    return {f"organisation/{name}" for name in names}


def test_a_ledger_is_written_as_it_is_read_and_sorted(tmp_path: Path) -> None:
    path = tmp_path / "identities.csv"
    lines = [judged("x", "c"), judged("a", "b", "different"), judged("b", "a", day=23)]
    write_ledger(path, lines)
    first = path.read_bytes()
    write_ledger(path, reversed(read_ledger(path)))
    assert path.read_bytes() == first
    assert [line.split(",")[0] for line in first.decode().splitlines()[1:]] == [
        "organisation/a",
        "organisation/b",
        "organisation/x",
    ]
    assert read_ledger(path)[0].line == 2
    assert first.decode().splitlines()[1] == ledger_line(lines[1])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("organisation/a,organisation/b,same", "line 3: 3 cells"),
        (GOOD.replace("same", "maybe"), "line 3: the judgement is 'maybe'"),
        (GOOD.replace("0.973", "97"), "line 3: the score '97'"),
        (GOOD.replace("2026-11-22", "22.11.2026"), "line 3: the date '22.11.2026'"),
        (GOOD.replace("2026-11-22", "2026-02-30"), "line 3: day"),
        (GOOD.replace("organisation/b", "organisation/a"), "line 3: organisation/a is compared"),
        (GOOD.replace("organisation/b", "project/b"), "line 3: organisation/a and project/b are"),
        (GOOD.replace("organisation/b", "b"), "line 3: 'b' names no thing"),
        (GOOD.replace("organisation/b", "organisation/a b"), "line 3: 'organisation/a b' names no"),
        (GOOD.replace("organisation", "theme"), "line 3: theme/a is a concept"),
        (GOOD.replace("one name", "=HYPERLINK(1)"), "line 3: the evidence is to be one line"),
        (GOOD.replace("Anna", ""), "line 3: the reviewer is to be one line"),
        ('"organisation/a,', "line 3: unexpected end of data"),
    ],
)
def test_a_wrong_line_is_told_with_its_number(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "identities.csv"
    path.write_text(f"{HEAD}{GOOD}\n{line}\n", encoding="utf-8")
    with pytest.raises(LedgerError, match=told):
        read_ledger(path)


def test_a_wrong_header_and_a_file_that_is_not_there_are_told(tmp_path: Path) -> None:
    path = tmp_path / "identities.csv"
    with pytest.raises(LedgerError, match="there is no such ledger"):
        read_ledger(path)
    path.write_text("a,b\n", encoding="utf-8")
    with pytest.raises(LedgerError, match="line 1: the columns are to be left,right"):
        read_ledger(path)


def test_of_two_lines_about_a_pair_the_later_counts_whichever_side_is_left() -> None:
    earlier, later = judged("a", "b"), judged("b", "a", "different", 23)
    assert list(in_force([later, earlier]).values()) == [later]
    assert in_force([earlier, judged("b", "a", "withdrawn", 23)]) == {}
    assert in_force([judged("a", "b", "withdrawn", 21), earlier]) != {}


def test_merging_goes_on_over_others_and_tells_each_step() -> None:
    lines = [judged("a", "b"), judged("b", "c")]
    for order in permutations(lines):
        found = resolve(order, [], {}, things("a", "b", "c"))
        assert found.canonical == dict.fromkeys(sorted(things("b", "c")), "organisation/a")
        assert [step.split(" judged")[0] for step in found.why["organisation/c"]] == [
            "organisation/a and organisation/b",
            "organisation/b and organisation/c",
        ]
        assert (found.judged, found.shared) == (2, 0)


def test_the_left_of_the_ledger_keeps_its_address() -> None:
    found = resolve([judged("z", "a")], [], {}, things("a", "z"))
    assert found.canonical == {"organisation/a": "organisation/z"}


def test_a_key_that_people_chose_stays_before_one_made_of_a_name() -> None:
    shared = [Shared("PIC", "998123456", ("organisation/list-0123456789abcdef", "organisation/z"))]
    found = resolve([], shared, {}, {"organisation/list-0123456789abcdef", "organisation/z"})
    assert found.canonical == {"organisation/list-0123456789abcdef": "organisation/z"}
    assert found.shared == 1


def test_a_thing_that_is_gone_leads_to_the_one_that_is_there() -> None:
    assert resolve([judged("a", "b")], [], {}, things("b")).canonical == {
        "organisation/a": "organisation/b"
    }
    assert resolve([judged("a", "b")], [], {}, set()).canonical == {}


def test_a_ledger_that_contradicts_itself_stops_with_the_lines_of_both_sides() -> None:
    lines = [judged("a", "b"), judged("b", "c"), judged("a", "c", "different")]
    with pytest.raises(LedgerError, match="judged different") as caught:
        resolve(lines, [], {}, things("a", "b", "c"))
    assert "organisation/b and organisation/c judged same" in str(caught.value)
    resolve([*lines, judged("c", "b", "withdrawn", 23)], [], {}, things("a", "b", "c"))


def test_an_identifier_joins_nothing_that_another_keeps_apart() -> None:
    """The whole group is left alone, whatever the order; both evidences are told."""
    shared = [
        Shared("ROR", "r", ("organisation/a", "organisation/b")),
        Shared("PIC", "p", ("organisation/b", "organisation/c")),
    ]
    held = {
        "organisation/a": {"ROR": {"r"}, "VAT number": {"EE1"}},
        "organisation/b": {"ROR": {"r"}, "PIC": {"p"}},
        "organisation/c": {"PIC": {"p"}, "VAT number": {"EE2"}},
    }
    for order in permutations(shared):
        found = resolve([], order, held, things("a", "b", "c"))
        assert found.canonical == {}
        assert "they share the ROR r" in found.conflicts[0]
        assert "VAT number: EE1 (organisation/a) and EE2 (organisation/c)" in found.conflicts[0]
    held["organisation/c"]["VAT number"].add("EE1")
    assert len(resolve([], shared, held, things("a", "b", "c")).canonical) == 2


def test_what_people_judged_different_no_identifier_joins() -> None:
    shared = [Shared("ROR", "r", ("organisation/a", "organisation/b"))]
    found = resolve([judged("a", "b", "different")], shared, {}, things("a", "b"))
    assert found.canonical == {}
    assert "what a person decided" in found.conflicts[0]


def test_people_may_join_different_identifiers_and_are_told() -> None:
    held = {"organisation/a": {"PIC": {"1"}}, "organisation/b": {"PIC": {"2"}}}
    found = resolve([judged("a", "b")], [], held, things("a", "b"))
    assert found.canonical == {"organisation/b": "organisation/a"}
    assert found.conflicts == (
        "the ledger joins what differs in PIC: 1 (organisation/a) and 2 (organisation/b)",
    )
    assert differing(held["organisation/a"], held["organisation/b"]) == "different PIC: 1 and 2"


def test_redirects_come_back_as_written_with_keys_of_any_letters(tmp_path: Path) -> None:
    lines = [judged("%C3%A4", "b%2Fc")]
    write_redirects(tmp_path, resolve(lines, [], {}, things("%C3%A4", "b%2Fc")))
    redirects = Redirects.read(tmp_path)
    assert redirects.of(Reference("organisation", "b/c")) == Reference("organisation", "ä")
    assert redirects.of(Reference("organisation", "ä")) is None
    assert Redirects.read(tmp_path / "nowhere").targets == {}


@pytest.mark.parametrize(
    ("property_", "value", "countries", "found"),
    [
        (expand("skos:exactMatch"), "https://ror.org/03z77qz90", (), "https://ror.org/03z77qz90"),
        (expand("skos:exactMatch"), "http://ror.org/03Z77QZ90/", (), "https://ror.org/03z77qz90"),
        (expand("skos:exactMatch"), "https://ror.org/03z77qz91", (), None),
        (
            expand("owl:sameAs"),
            "https://www.wikidata.org/wiki/Q977781",
            (),
            "http://www.wikidata.org/entity/Q977781",
        ),
        (expand("skos:exactMatch"), "https://example.org/Q1", (), None),
        (Property.PIC, "999 993 953", (), "999993953"),
        (Property.PIC, "000000000", (), None),
        (Property.PIC, "999999999", (), None),
        (expand("schema:vatID"), "DE 136,695 976".replace(",", ""), (), "DE136695976"),
        (expand("schema:vatID"), "136695976", ("DE",), "DE136695976"),
        (expand("schema:vatID"), "136695976", ("DE", "AT"), None),
        (expand("schema:vatID"), "DE136695977", (), None),
        (expand("schema:vatID"), "MISSING", ("DE",), None),
        (expand("schema:vatID"), "094259216", ("GR",), "EL094259216"),
        (expand("schema:leiCode"), "213800kuD8LAJWSQ9D15", (), "213800KUD8LAJWSQ9D15"),
        (expand("schema:leiCode"), "213800KUD8LXJWSQ9D15", (), None),
        (Property.REGISTER_NUMBER, "80341465", ("EE",), "EE 80341465"),
        (Property.REGISTER_NUMBER, "EE 80341465", (), "EE 80341465"),
        (Property.REGISTER_NUMBER, "80341465", (), None),
        (Property.REGISTER_NUMBER, "00000000", ("EE",), None),
        (Property.ORG_ID, "gb-chc-1164883", (), "GB-CHC-1164883"),
        (Property.ORG_ID, "none", (), None),
        (Property.REGISTRATION_IDENTIFIER, "999993953", (), None),
    ],
)
def test_only_a_valid_identifier_of_a_known_scheme_identifies(
    property_: str, value: str, countries: tuple[str, ...], found: str | None
) -> None:
    made = identifier(property_, value, countries)
    assert (made and made[1]) == found
