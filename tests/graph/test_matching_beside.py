"""What stands beside names, and how far a pair leads, decides what is proposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from graph.identities.beside import Beside, Places
from graph.identities.matching import Match, propose
from graph.identities.profiles import Profile

OTHERS = ["Karelian Music Academy", "Rostock Institute of Physics", "National Bank of Greece"]


def profile(
    source: str, key: str, name: str, town: str = "", site: str = "", country: str = "AT"
) -> Profile:
    return Profile(
        f"organisation/{source}-{key}",
        (name,),
        frozenset({country}),
        frozenset({town} if town else ()),
        frozenset({site} if site else ()),
        sources=frozenset({source}),
    )


def beside(*both: Profile) -> Beside:
    return Places.of(both).compared(both[0].thing, both[1].thing)


def pairs(matches: Sequence[Match]) -> list[str]:
    return [" ".join(thing.partition("/")[2] for thing in match.pair) for match in matches]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("Wien", ""), ("Vienna", ""), Beside.TOWN),
        (("Praha 1", ""), ("Prague", ""), Beside.TOWN),
        (("Wien", ""), ("Graz", ""), Beside.OTHER_TOWN),
        (("Wien", ""), ("", ""), Beside.NOTHING),
        (("", "https://www.a.at/de"), ("", "http://a.at"), Beside.SITE),
        (("Graz", "a.at"), ("Wien", "https://a.at/"), Beside.SITE),
        (("Wien", "https://a.at"), ("Wien", "https://b.at"), Beside.OTHER_SITE),
        (("", "https://["), ("", "mailto:x"), Beside.NOTHING),
    ],
)
def test_towns_are_one_in_any_language_and_sites_in_any_writing(
    one: tuple[str, str], other: tuple[str, str], expected: Beside
) -> None:
    assert beside(profile("x", "1", "One", *one), profile("y", "1", "Other", *other)) is expected


def test_a_site_that_two_of_one_source_have_tells_nothing() -> None:
    both = [profile(source, "1", "A", site="https://uni.at") for source in "xy"]
    assert beside(*both) is Beside.SITE
    institute = profile("x", "2", "B", site="https://www.uni.at/")
    assert beside(*both, institute) is Beside.NOTHING
    page = replace(institute, homepages=frozenset({"https://uni.at/physics"}))
    assert beside(*both, page) is Beside.SITE, "a page of its own counts, whatever the host"


def test_who_has_one_site_is_proposed_though_the_names_share_nothing() -> None:
    names = [f"{word} Werkstatt" for word in ("Alpha", "Beta", "Gamma", "Delta")]
    left = [profile("x", str(n), name, site=f"w{n}.at") for n, name in enumerate(names)]
    right = [replace(one, thing=f"organisation/y-{n}") for n, one in enumerate(left)]
    right = [replace(one, sources=frozenset({"y"})) for one in right]
    right[0] = replace(right[0], names=("Quendel",))
    found = propose(left, right)
    assert "x-0 y-0" in pairs(found)
    assert found[-1].evidence.endswith("one homepage: w0.at")
    apart = [replace(one, homepages=frozenset()) for one in right]
    assert "x-0 y-0" not in pairs(propose(left, apart))


def test_other_towns_and_sites_speak_against_and_one_town_speaks_for() -> None:
    asked = profile("x", "1", "Universität für Musik und Theater", "Wien")
    there = profile("y", "1", "University of Music and Theatre", "Vienna")
    away = replace(there, cities=frozenset({"Graz"}))
    [near] = propose([asked], [there])
    assert "one town: Wien and Vienna" in near.evidence
    assert propose([asked], [away]) == []
    same = profile("y", "2", "Universität für Musik und Theater", site="b.at")
    [match] = propose([replace(asked, homepages=frozenset({"a.at"}))], [same])
    assert match.score == pytest.approx(0.9)


def test_what_is_less_alike_is_proposed_where_two_sources_have_much_in_common() -> None:
    name, other = "Blaue Nordlicht Werkstatt Rostock", "Blaue Nordlicht Werkstatt Wismar"
    known = [profile("x", str(n), text) for n, text in enumerate(OTHERS)]
    copied = [profile("y", str(n), text) for n, text in enumerate(OTHERS)]
    asked, there = profile("x", "9", name), profile("y", "9", other)
    assert propose([asked], [there]) == []
    together = propose([asked, *known], [there, *copied])
    assert "x-9 y-9" in pairs(together)
    assert next(m for m in together if "x-9" in m.left).score < 0.85
    twins = [profile("x", "9", name), profile("x", "8", other)]
    assert "x-8 x-9" not in pairs(propose([*twins, *known, *copied]))


def test_a_rival_of_one_of_its_sources_keeps_a_pair_from_being_proposed() -> None:
    asked = profile("x", "1", "Vega hus")
    one = profile("y", "1", "Vega hus")
    rival = replace(profile("y", "2", "Vega  Hus"), sources=frozenset({"y", "z"}))
    assert pairs(propose([asked], [one])) == ["x-1 y-1"]
    assert propose([asked], [one, rival]) == []
