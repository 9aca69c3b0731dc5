"""Gold sets: names of which it is known whose they are.

Every set has a register, in which a third of the organisations are missing, and questions: names
with the organisation that each is of, None where the register lacks it. What is reported is asked
of one half of the organisations; thresholds are chosen on the other.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.matching.altering import ALTERATIONS
from graph.identities.profiles import Profile
from graph.languages import Detector

PUBLISHED = Path(__file__).parents[3] / "shared" / "data" / "published"
ROR = PUBLISHED / "ror" / "ror-records-europe.ndjson.gz"
BULGARIAN = PUBLISHED / "kohesio" / "bulgarian-beneficiaries.tsv"


@dataclass(frozen=True, slots=True)
class Question:
    """A name of another list: in which language, how it was altered, and whose it is."""

    profile: Profile
    language: str
    alteration: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class Gold:
    """A register, and questions to it."""

    name: str
    register: tuple[Profile, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class _Record:
    key: str
    country: str
    names: tuple[tuple[str, str], ...]  # with their language, und where it is not told
    towns: frozenset[str]
    sites: frozenset[str]


def half(key: str) -> bool:
    """Tell whether an organisation is of the half that is reported."""
    return hashlib.sha256(f"half {key}".encode()).digest()[0] % 2 == 0


def _missing(key: str) -> bool:
    return hashlib.sha256(f"missing {key}".encode()).digest()[0] % 3 == 0


def altered(*, reported: bool) -> Gold:
    """Ask one altered name of each record; the register has all its names."""
    chance = Random(4)  # one seed, so that all are asked the same
    register, questions = [], []
    for record in _records(reported=reported):
        language, name = chance.choice(record.names)
        kind = chance.choice(list(ALTERATIONS))
        if kind == "transliteration" and name.isascii():
            kind = chance.choice(["case", "order", "abbreviation", "typing error"])
        asked = ALTERATIONS[kind](name, chance)
        if not _missing(record.key):
            register.append(_profile("register", record.key, record, record.names))
        profile = _profile("list", record.key, record, ((language, asked),))
        answer = None if _missing(record.key) else f"organisation/register-{record.key}"
        questions.append(Question(profile, _language(language, name), kind, answer))
    return Gold("ROR, one altered name", tuple(register), tuple(questions))


def aliases(*, reported: bool, told: str = "names") -> Gold:
    """Ask one name of each record that has several; the register has the others only.

    `told` is what both sides tell beside names: nothing, “town” or “town and site”, as the record
    has them, which is the best case: lists write towns otherwise, and sites move.
    """
    chance = Random(5)
    register, questions = [], []
    for record in _records(reported=reported):
        if len(record.names) < 2:
            continue
        asked = chance.randrange(len(record.names))
        rest = tuple(name for place, name in enumerate(record.names) if place != asked)
        if not _missing(record.key):
            register.append(_telling(_profile("register", record.key, record, rest), record, told))
        profile = _profile("list", record.key, record, (record.names[asked],))
        answer = None if _missing(record.key) else f"organisation/register-{record.key}"
        language = _language(*record.names[asked])
        questions.append(Question(_telling(profile, record, told), language, "alias", answer))
    beside = "" if told == "names" else f", with its {told}"
    return Gold(f"ROR, another name of the record{beside}", tuple(register), tuple(questions))


def _telling(profile: Profile, record: _Record, told: str) -> Profile:
    return replace(
        profile,
        cities=record.towns if "town" in told else frozenset(),
        homepages=record.sites if "site" in told else frozenset(),
    )


def bulgarian(*, reported: bool) -> Gold:
    """Ask the transliteration of each beneficiary; the register has the Cyrillic names.

    Names that differ only in case, blanks and punctuation are one beneficiary.
    """
    register, questions = [], []
    for key, pairs in _bulgarians(reported=reported).items():
        there = not _missing(key)
        if there:
            names = tuple(dict.fromkeys(name for name, _ in pairs))
            register.append(Profile(f"organisation/register-{key}", names, _BULGARIA))
        profile = Profile(f"organisation/list-{key}", (pairs[0][1],), _BULGARIA)
        answer = f"organisation/register-{key}" if there else None
        questions.append(Question(profile, "bg", "transliteration", answer))
    return Gold("Bulgarian beneficiaries, transliterated", tuple(register), tuple(questions))


def _language(told: str, name: str) -> str:
    """Give the language that the record tells, or else the one that the name is surely in."""
    if told != "und" or len(name) < _LONG_ENOUGH:
        return told
    guess = _detector().guess(name)
    return guess.tag if guess.confidence >= _SURE else "und"


@cache
def _detector() -> Detector:
    return Detector()


_LONG_ENOUGH, _SURE = 12, 0.9
_BULGARIA = frozenset({"BG"})


def _bulgarians(*, reported: bool) -> dict[str, list[tuple[str, str]]]:
    """Give the names that differ from their transliteration, with it, by beneficiary."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with BULGARIAN.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            name = " ".join(row["Beneficiary Name"].split())
            latin = " ".join((row["Transliterated Name"] or "").split())
            letters = "".join(letter for letter in name.casefold() if letter.isalnum())
            key = hashlib.sha256(letters.encode()).hexdigest()[:16]
            if name and latin and name != latin and half(key) == reported:
                found[key].append((name, latin))
    return found


def _profile(source: str, key: str, record: _Record, names: tuple[tuple[str, str], ...]) -> Profile:
    texts = tuple(dict.fromkeys(text for _, text in names))
    countries = frozenset({record.country})
    return Profile(f"organisation/{source}-{key}", texts, countries, sources=frozenset({source}))


def _records(*, reported: bool) -> Iterator[_Record]:
    with gzip.open(ROR, "rt", encoding="utf-8") as file:
        for line in file:
            record = _record(json.loads(line))
            if record.names and half(record.key) == reported:
                yield record


def _record(told: dict[str, Any]) -> _Record:
    if "names" in told:
        named = [
            (item["lang"], item["value"])
            for item in told["names"]
            if set(item["types"]) != {"acronym"}
        ]
        country = told["locations"][0]["geonames_details"]["country_code"]
        towns = [place["geonames_details"]["name"] for place in told["locations"]]
        sites = [link["value"] for link in told["links"] if link["type"] == "website"]
    else:
        named = [(None, told["name"]), *((None, alias) for alias in told["aliases"])]
        named += [(item["iso639"], item["label"]) for item in told["labels"]]
        country = told["country"]["country_code"]
        towns = [place["city"] for place in told["addresses"]]
        sites = told["links"]
    by_text: dict[str, set[str]] = defaultdict(set)
    for language, text in named:
        if text.strip():
            by_text[" ".join(text.split())].add(language or "und")
    names = tuple((min(by_text[text] - {"und"}, default="und"), text) for text in sorted(by_text))
    key = told["id"].rsplit("/", 1)[1]
    return _Record(key, country, names, frozenset(towns), frozenset(sites))
