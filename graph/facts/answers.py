"""Answers of the query catalogue from the fact tables, the same as those of the store.

Beside `NAME.rq` may stand `NAME.sql`: the same question to the tables. Its columns are those of
the header in their order; its values are terms as SPARQL 1.1 results in TSV write them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.catalogue import CatalogueQuery
from graph.facts.reading import Facts, Made
from graph.facts.relations import RELATIONS
from graph.formats import Format
from graph.store import rewrite
from graph.terms import Term

if TYPE_CHECKING:
    from graph.dataset import Dataset

_FOLDER = Path(__file__).parent.parent / "queries"
_WORD = re.compile(r"[a-z_]+")
_VALUE = re.compile(r"\$([A-Za-z]\w*)")
_RELATIONS = frozenset(relation.name for relation in RELATIONS)
_NOTHING = -1  # the number of no thing


def answer(
    dataset: Dataset,
    query: CatalogueQuery,
    values: Mapping[str, str],
    form: Format,
    most: int | None = None,
) -> bytes | None:
    """Answer a question of the catalogue in one of the formats of results.

    None where the facts cannot: there is no such question to them, they are of another release,
    the release has values that they do not hold, or the answer has more than `most` rows, which
    is to be cut. ParameterError as from the catalogue.
    """
    sql = question(query.name)
    facts = dataset.facts
    made = facts.made() if sql is not None else None
    if sql is None or made is None or not _fits(dataset, made, sql):
        return None
    terms = query.terms(values, dataset.identity)
    asked = {name: _value(facts, terms.get(name)) for name in _VALUE.findall(sql)}
    rows = facts.ask(sql, asked)
    if most is not None and len(rows) > most:
        return None
    head = "\t".join(f"?{column.name}" for column in query.columns)
    lines = ("\t".join([cell or "" for cell in row]) for row in rows)
    return rewrite("\n".join([head, *lines, ""]).encode(), form)


@lru_cache(maxsize=256)
def question(name: str) -> str | None:
    """Give the question to the tables that a query of the catalogue has beside it, if any."""
    path = _FOLDER / f"{name}.sql"
    return path.read_text("utf-8") if path.is_file() else None


def _fits(dataset: Dataset, made: Made, sql: str) -> bool:
    """Tell whether facts are of this release, and the tables of a question hold all values."""
    if made.digest != dataset.release.manifest.digest:
        return False
    unfit = {name for name, count in made.unfit.items() if count}
    words = set(_WORD.findall(sql))
    # What is not a relation itself may be made of any.
    derived = dataset.facts.tables() - _RELATIONS - {"thing"}
    return not unfit or not (words & unfit or words & derived)


def _value(facts: Facts, term: Term | None) -> Any:  # noqa: ANN401  # what a question is bound to
    if term is None:
        return None
    if term.kind == "uri":
        found = facts.ask("SELECT id FROM thing WHERE iri = $iri", {"iri": term.value})
        return found[0][0] if found else _NOTHING
    if term.datatype is not None and term.datatype.endswith("#integer"):
        return int(term.value)
    return term.value
