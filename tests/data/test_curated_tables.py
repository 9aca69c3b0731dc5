import csv
import hashlib
import io
import re
from calendar import monthrange
from codecs import BOM_UTF8
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from babel import Locale
from rdflib import Graph, URIRef
from rdflib.namespace import RDF

Tables = dict[str, list[dict[str, str]]]

TABLES = (
    "bridges",
    "case_studies",
    "communities_statements",
    "consortia",
    "consortia_statements",
    "countries",
    "databases",
    "events_and_networks",
    "organisations",
    "participation",
    "policies",
    "programmes",
    "rates",
    "terms",
)

KEYS = {"countries": "code", "terms": ""}
"""Key column where it is not `id`; a row of `terms` has no key of its own."""

REFERENCES = {
    ("bridges", "organisation_id"): "organisations",
    ("bridges", "policy_id"): "policies",
    ("bridges", "practice_id"): "case_studies",
    ("bridges", "programme_id"): "programmes",
    ("case_studies", "country"): "countries",
    ("case_studies", "funding_programme"): "programmes",
    ("case_studies", "organisation_id"): "organisations",
    ("case_studies", "principle_ids"): "policies",
    ("communities_statements", "community_id"): "events_and_networks",
    ("consortia", "call_programme_id"): "programmes",
    ("consortia", "countries"): "countries",
    ("consortia", "funding_programmes"): "programmes",
    ("consortia", "lead_country"): "countries",
    ("consortia", "lead_organisation"): "organisations",
    ("consortia_statements", "consortium_id"): "consortia",
    ("consortia_statements", "countries"): "countries",
    ("consortia_statements", "funding_programmes"): "programmes",
    ("consortia_statements", "lead_country"): "countries",
    ("databases", "operator_id"): "organisations",
    ("events_and_networks", "countries"): "countries",
    ("events_and_networks", "operator_id"): "organisations",
    ("organisations", "country"): "countries",
    ("participation", "country"): "countries",
    ("participation", "organisation_id"): "organisations",
    ("policies", "parent_id"): "policies",
    ("policies", "related_programmes"): "programmes",
    ("programmes", "managing_body_id"): "organisations",
    ("programmes", "parent_id"): "programmes",
}
"""Column to the table in which every value of it, split at `;`, is the key of a row."""

IDENTIFIERS = {
    ("consortia", "call_id"),  # the funder's reference of the call
    ("organisations", "national_id"),
    ("participation", "project_id"),  # of two tables: has a test of its own
    ("programmes", "call_id"),
    ("terms", "concept_id"),  # the table is the only place where concepts are named
}
"""Columns that end like references and are none."""

CODES = {
    ("case_studies", "funding_phase"): "funding-phase",
    ("case_studies", "level_of_action"): "level-of-action",
    ("case_studies", "target_group_codes"): "target-group",
    ("case_studies", "theme"): "theme",
    ("events_and_networks", "target_group_codes"): "target-group",
    ("events_and_networks", "themes"): "theme",
    ("organisations", "type"): "organisation-type",
    ("participation", "role"): "role",
    ("policies", "themes"): "theme",
    ("policies", "type"): "policy-type",
    ("programmes", "kind"): "programme-kind",
}
"""Column to the scheme whose concepts its values name, `_` written for `-`."""

CHOICES = {
    ("case_studies", "coding"): {"", "own"},
    ("countries", "member"): {"yes", "no"},
    ("events_and_networks", "coding"): {"", "own"},
    ("events_and_networks", "event_type"): {"", "seminar", "training", "workshop"},
    ("events_and_networks", "kind"): {
        "community_of_practice",
        "database",
        "event",
        "network",
        "newsletter",
        "platform",
        "portal",
        "prize",
    },
    ("organisations", "website_basis"): {"", "common", "seen"},
    ("participation", "project_kind"): {"consortium", "practice"},
    ("policies", "coding"): {"", "own"},
    ("terms", "label_type"): {"altLabel", "prefLabel"},
}

LANGUAGES = {
    ("case_studies", "name"): "name_lang",
    ("case_studies", "native_name"): "native_lang",
    ("databases", "name"): "name_lang",
    ("events_and_networks", "name"): "name_lang",
    ("organisations", "name"): "name_lang",
    ("organisations", "native_name"): "native_lang",
    ("policies", "short_title"): "short_title_lang",
    ("terms", "label"): "lang",
}
"""Column of text in any language to the column with its language tag."""

DATES = (
    ("case_studies", "start"),
    ("case_studies", "end"),
    ("communities_statements", "year"),
    ("consortia", "start"),
    ("consortia", "end"),
    ("consortia_statements", "start"),
    ("consortia_statements", "end"),
    ("events_and_networks", "start"),
    ("events_and_networks", "end"),
    ("participation", "start"),
    ("participation", "end"),
    ("policies", "date"),
    ("policies", "year"),
    ("programmes", "deadline"),
    ("programmes", "open_date"),
    ("programmes", "period_end"),
    ("programmes", "period_start"),
    ("rates", "valid_from"),
    ("rates", "valid_until"),
)

PERIODS = (
    ("case_studies", "start", "end"),
    ("consortia", "start", "end"),
    ("consortia_statements", "start", "end"),
    ("events_and_networks", "start", "end"),
    ("participation", "start", "end"),
    ("programmes", "open_date", "deadline"),
    ("programmes", "period_start", "period_end"),
    ("rates", "valid_from", "valid_until"),
)

AMOUNTS = (
    ("case_studies", "budget_eur"),
    ("case_studies", "eu_contribution_eur"),
    ("case_studies", "prize_eur"),
    ("consortia", "eu_grant_eur"),
    ("consortia", "total_cost_eur"),
    ("programmes", "budget_eur"),
)

PATTERNS = {
    ("bridges", "close"): r"https?://\S+",
    ("bridges", "exact"): r"https?://\S+",
    ("bridges", "see"): r"https?://\S+",
    ("case_studies", "website"): r"https?://\S+",
    ("consortia", "eu_cofunding_rate"): r"0\.\d\d|1\.00",
    ("consortia", "generation"): r"[12]",
    ("consortia", "website"): r"https?://\S+",
    ("consortia_statements", "eu_cofunding_rate"): r"0\.\d\d|1\.00",
    ("countries", "alpha3"): r"[A-Z]{3}",
    ("countries", "authority"): r"[A-Z]{3}",
    ("countries", "code"): r"[A-Z]{2}|INT",
    ("countries", "nuts"): r"[A-Z]{2}",
    ("events_and_networks", "website"): r"https?://\S+",
    ("organisations", "ror"): r"https://ror\.org/0[a-z0-9]{6}\d\d",
    ("organisations", "website"): r"https?://\S+",
    ("organisations", "wikidata"): r"Q\d+",
    ("policies", "celex"): r"[1-9]\d{4}[A-Z]{1,2}\d{4,5}(\(\d\d\))?",
    ("policies", "eli"): r"http://data\.europa\.eu/eli/\S+",
    ("programmes", "legal_basis_celex"): r"3\d{4}[A-Z]{1,2}\d{4}",
    ("programmes", "website"): r"https?://\S+",
    ("rates", "currency"): r"[A-Z]{3}",
    ("rates", "rate"): r"\d+\.\d+",
    ("rates", "to"): r"[A-Z]{3}",
}

THEME_PRINCIPLES = {
    "childcare": "epsr-p11",
    "disability_employment": "epsr-p17",
    "disability_inclusion": "epsr-p17",
    "education": "epsr-p01",
    "employment": "epsr-p04",
    "gender_equality": "epsr-p02",
    "health": "epsr-p16",
    "homelessness": "epsr-p19",
    "housing": "epsr-p19",
    "long_term_care": "epsr-p18",
    "migrant_integration": "epsr-p03",
    "roma_inclusion": "epsr-p03",
    "skills_vet": "epsr-p01",
    "youth_employment": "epsr-p04",
}
"""The coding rule of `data/README.md`: a theme to the principle that its practices match."""


def values(text: str) -> list[str]:
    """Split a cell that holds a list."""
    return text.split(";") if text else []


def bounds(text: str) -> tuple[date, date]:
    """Give the first and the last day that a date of any precision may mean."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 2:
        days = monthrange(parts[0], parts[1])[1]
        return date(parts[0], parts[1], 1), date(parts[0], parts[1], days)
    day = date(parts[0], parts[1], parts[2])
    return day, day


def test_the_folder_holds_our_tables_and_nothing_else(data_folder: Path) -> None:
    """A new file needs a line in this module, and so gets all its tests."""
    expected = {f"{name}.csv" for name in TABLES} | {
        "LICENSE",
        "README.md",
        "generate_countries.py",
    }
    assert {p.name for p in data_folder.iterdir() if p.name != "__pycache__"} == expected


@pytest.mark.shared
def test_no_published_file_of_somebody_else_lies_here(data_folder: Path) -> None:
    """Tables of others are input for tests and never part of ours."""
    published = data_folder.parents[1] / "shared" / "data" / "published"
    if not published.is_dir():
        pytest.skip("the published files are not beside this checkout")
    theirs = {
        hashlib.sha256(path.read_bytes()).digest()
        for path in published.rglob("*")
        if path.is_file()
    }
    ours = {
        path.name: hashlib.sha256(path.read_bytes()).digest()
        for path in data_folder.iterdir()
        if path.is_file()
    }
    assert {name for name, digest in ours.items() if digest in theirs} == set()


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_written_in_one_canonical_form(data_folder: Path, name: str) -> None:
    """UTF-8 without a mark, LF, commas, quotes only where needed: small differences in git."""
    written = (data_folder / f"{name}.csv").read_bytes()
    assert not written.startswith(BOM_UTF8)
    rows = list(csv.reader(io.StringIO(written.decode("utf-8"), newline=""), strict=True))
    again = io.StringIO()
    csv.writer(again, lineterminator="\n").writerows(rows)
    assert written == again.getvalue().encode("utf-8")
    assert {len(row) for row in rows} == {len(rows[0])}


@pytest.mark.parametrize("name", TABLES)
def test_cells_are_trimmed_single_lines(tables: Tables, name: str) -> None:
    """No stray blank splits one value into two."""
    untidy = [
        cell
        for row in tables[name]
        for cell in row.values()
        if cell != cell.strip() or not cell.isprintable()
    ]
    assert untidy == []


@pytest.mark.parametrize("name", TABLES)
def test_every_row_names_its_source_and_how_it_is_known(tables: Tables, name: str) -> None:
    """No statement enters the graph without a source."""
    assert tables[name]
    for row in tables[name]:
        assert row["source_url"], row
        assert row["confidence"] in {"seen", "common"}, row


@pytest.mark.parametrize("name", [name for name in TABLES if KEYS.get(name, "id")])
def test_keys_are_unique_and_fit_for_an_iri(tables: Tables, name: str) -> None:
    """Keys become the last part of addresses."""
    keys = [row[KEYS.get(name, "id")] for row in tables[name]]
    assert [key for key in keys if keys.count(key) > 1] == []
    form = re.compile(r"[A-Z]{2,3}" if name == "countries" else r"[a-z0-9]+(-[a-z0-9]+)*")
    assert [key for key in keys if not form.fullmatch(key)] == []


def test_every_column_that_looks_like_a_reference_is_tested(tables: Tables) -> None:
    """A new reference column cannot be forgotten here."""
    alike = {
        (name, column)
        for name, rows in tables.items()
        for column in rows[0]
        if column.endswith(("_id", "_ids"))
    }
    assert alike - set(REFERENCES) == IDENTIFIERS


@pytest.mark.parametrize(("name", "column"), REFERENCES)
def test_references_resolve(tables: Tables, name: str, column: str) -> None:
    """Every value leads to a row."""
    target = REFERENCES[name, column]
    keys = {row[KEYS.get(target, "id")] for row in tables[target]}
    assert {key for row in tables[name] for key in values(row[column])} - keys == set()


def test_a_participation_leads_to_a_row_of_the_kind_it_says(tables: Tables) -> None:
    """The kind decides in which table the key is looked up."""
    homes = {
        "consortium": {row["id"] for row in tables["consortia"]},
        "practice": {row["id"] for row in tables["case_studies"]},
    }
    for row in tables["participation"]:
        assert row["project_id"] in homes[row["project_kind"]], row


def test_the_key_of_a_participation_is_made_of_its_parts(tables: Tables) -> None:
    """The same organisation, project and role always give the same address."""
    for row in tables["participation"]:
        role = row["role"].replace("_", "-")
        assert row["id"] == f"{row['organisation_id']}-{row['project_id']}-{role}"


def test_the_call_of_a_consortium_carries_the_reference_beside_it(tables: Tables) -> None:
    """The link and the funder's reference name the same call."""
    references = {row["id"]: row["call_id"] for row in tables["programmes"]}
    for row in tables["consortia"]:
        assert references[row["call_programme_id"]] == row["call_id"]


def test_listed_communities_are_communities(tables: Tables) -> None:
    """Lists of communities name nothing else."""
    kinds = {row["id"]: row["kind"] for row in tables["events_and_networks"]}
    for row in tables["communities_statements"]:
        assert kinds[row["community_id"]] == "community_of_practice"


def test_coded_principles_are_principles(tables: Tables) -> None:
    """A practice is linked to principles, not to other kinds of policy."""
    types = {row["id"]: row["type"] for row in tables["policies"]}
    for row in tables["case_studies"]:
        assert {types[key] for key in values(row["principle_ids"])} <= {"principle"}


@pytest.mark.parametrize("name", ["policies", "programmes"])
def test_no_row_is_its_own_ancestor(tables: Tables, name: str) -> None:
    """Following parents comes to an end."""
    parents = {row["id"]: row["parent_id"] for row in tables[name]}
    for key in parents:
        path = [key]
        while parents[path[-1]]:
            path.append(parents[path[-1]])
            assert len(path) == len(set(path)), path


@pytest.mark.parametrize(("name", "column"), CODES)
def test_coded_values_have_a_concept(
    tables: Tables, schemes: Graph, name: str, column: str
) -> None:
    """Every code has a label and a definition that readers can look up."""
    stem = f"http://localhost:8000/id/{CODES[name, column]}/"
    codes = {code for row in tables[name] for code in values(row[column])}
    assert codes
    unknown = {
        code
        for code in codes
        if (URIRef(stem + code.replace("_", "-")), RDF.type, None) not in schemes
    }
    assert unknown == set()


@pytest.mark.parametrize(("name", "column"), CHOICES)
def test_closed_columns_keep_to_their_values(tables: Tables, name: str, column: str) -> None:
    """A misspelt value is found here and not in the graph."""
    assert {row[column] for row in tables[name]} <= CHOICES[name, column]


def test_only_events_have_a_type_of_event(tables: Tables) -> None:
    """Networks and databases are no workshops."""
    for row in tables["events_and_networks"]:
        assert row["kind"] == "event" or not row["event_type"], row


@pytest.mark.parametrize(("name", "column"), LANGUAGES)
def test_text_has_a_language_and_only_text_has(tables: Tables, name: str, column: str) -> None:
    """Every name can be given its language tag."""
    known = Locale("en").languages
    for row in tables[name]:
        language = row[LANGUAGES[name, column]]
        assert bool(language) == bool(row[column]), row
        assert not language or language in known, row


def test_a_term_has_one_preferred_label_a_language_and_an_english_one(
    tables: Tables,
) -> None:
    """Readers of any language see one label, English if there is no other."""
    preferred = [
        (row["concept_id"], row["lang"])
        for row in tables["terms"]
        if row["label_type"] == "prefLabel"
    ]
    assert [pair for pair in preferred if preferred.count(pair) > 1] == []
    concepts = {row["concept_id"] for row in tables["terms"]}
    assert {concept for concept in concepts if (concept, "en") not in preferred} == set()


@pytest.mark.parametrize(("name", "column"), DATES)
def test_dates_exist_in_the_calendar(tables: Tables, name: str, column: str) -> None:
    """Dates keep the precision of their source and are never impossible."""
    dates = [row[column] for row in tables[name] if row[column]]
    assert dates or (name, column) in {("participation", "end"), ("rates", "valid_until")}
    for text in dates:
        assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text), text
        first, _ = bounds(text)
        assert 1950 <= first.year <= 2035, text


@pytest.mark.parametrize(("name", "start", "end"), PERIODS)
def test_no_period_ends_before_it_starts(tables: Tables, name: str, start: str, end: str) -> None:
    """Dates of different precision are compared by what they may mean."""
    for row in tables[name]:
        if row[start] and row[end]:
            assert bounds(row[start])[0] <= bounds(row[end])[1], row


def test_the_date_of_a_policy_lies_in_its_year(tables: Tables) -> None:
    """The two columns do not contradict each other."""
    for row in tables["policies"]:
        assert row["date"][:4] in {"", row["year"]}, row


@pytest.mark.parametrize(("name", "column"), AMOUNTS)
def test_amounts_are_plain_positive_decimals(tables: Tables, name: str, column: str) -> None:
    """Euro with a decimal point, no separators and no more than two decimals."""
    amounts = [row[column] for row in tables[name] if row[column]]
    assert amounts
    for text in amounts:
        assert re.fullmatch(r"[1-9]\d*(\.\d\d?)?", text), text


@pytest.mark.parametrize(
    ("name", "total", "part"),
    [
        ("case_studies", "budget_eur", "eu_contribution_eur"),
        ("consortia", "total_cost_eur", "eu_grant_eur"),
    ],
)
def test_the_union_never_pays_more_than_the_whole(
    tables: Tables, name: str, total: str, part: str
) -> None:
    """A contribution is a part of the cost."""
    both = [row for row in tables[name] if row[total] and row[part]]
    assert both
    for row in both:
        assert Decimal(row[part]) <= Decimal(row[total]), row


def test_a_phase_of_funding_stands_where_there_is_money(tables: Tables) -> None:
    """A phase without a sum would describe nothing."""
    for row in tables["case_studies"]:
        money = row["budget_eur"] or row["eu_contribution_eur"] or row["prize_eur"]
        assert bool(money) == bool(row["funding_phase"]), row


@pytest.mark.parametrize(("name", "column"), PATTERNS)
def test_identifiers_and_addresses_are_well_formed(tables: Tables, name: str, column: str) -> None:
    """Links to other registers follow their patterns."""
    found = [row[column] for row in tables[name] if row[column]]
    assert found
    assert [text for text in found if not re.fullmatch(PATTERNS[name, column], text)] == []


def test_practices_carry_the_principle_of_their_theme(tables: Tables) -> None:
    """The coding follows its written rule in every row."""
    for row in tables["case_studies"]:
        by_rule = {THEME_PRINCIPLES[t] for t in values(row["theme"]) if t in THEME_PRINCIPLES}
        assert by_rule <= set(values(row["principle_ids"])), row


def test_practices_with_a_described_target_group_are_coded(tables: Tables) -> None:
    """Every described group is coded, and no code stands without a description."""
    for row in tables["case_studies"]:
        assert bool(row["target_group"]) == bool(row["target_group_codes"]), row


def test_our_own_coding_of_practices_is_marked(tables: Tables) -> None:
    """Readers can tell our judgement from what the source says."""
    for row in tables["case_studies"]:
        coded = bool(row["target_group_codes"] or row["principle_ids"])
        assert row["coding"] == ("own" if coded else ""), row


def test_both_tables_of_databases_use_the_same_keys(tables: Tables) -> None:
    """What two tables say about one database meets at one address."""
    listed = {row["id"] for row in tables["events_and_networks"] if row["kind"] == "database"}
    described = {row["id"] for row in tables["databases"]}
    assert described - listed == {"cpr-lists"}, "lists on many sites, no database of their own"


def test_the_two_lists_of_communities_differ(tables: Tables) -> None:
    """Three communities in the older page and five in the newer stay visible."""
    lists: dict[str, set[str]] = {}
    for row in tables["communities_statements"]:
        lists.setdefault(row["list_name"], set()).add(row["community_id"])
    assert sorted(len(communities) for communities in lists.values()) == [3, 5]


def test_pages_that_contradict_each_other_are_all_kept(tables: Tables) -> None:
    """Known conflicts between pages are data, not mistakes to smooth over."""
    said: dict[str, set[str]] = {}
    for row in tables["consortia_statements"] + tables["consortia"]:
        key = row.get("consortium_id") or row["id"]
        said.setdefault(key, set()).update({f"start {row['start']}", row["funding_programmes"]})
    assert {"start 2021-05-14", "start 2021-05", "esf-plus"} <= said["esia"]
    assert {"start 2021-05-01", "start 2021-05", "start 2021-06-01"} <= said["buicasus"]
