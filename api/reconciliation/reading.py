"""Reading what clients send: batches of names, and wishes for columns.

What is malformed is refused with the place where it is. What is well formed and unknown here, such
as a type, is told beside the answer to that name, since the others of a batch can be answered.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from api.errors import TooLargeError
from graph.errors import ParameterError
from graph.reconciling.attributes import find_attribute
from graph.reconciling.comparing import Given
from graph.reconciling.extending import Column
from graph.reconciling.kinds import Type, find_type
from graph.reconciling.matching import Condition, NameQuery

BATCH = 1_000  # names, or things to extend
_COLUMNS = 100
_LIMIT, _MOST = 5, 100  # candidates by default, and at most
_LONGEST = 500  # characters of a name or value that are looked at
_VALUES = 50  # values of one property
_STRICT = ("any", "all", "should")


@dataclass(frozen=True, slots=True)
class Sent:
    """A query that was sent: its key in the batch, what it asks, and what is unknown in it.

    `query` is None where nothing can answer it.
    """

    key: str
    query: NameQuery | None
    notes: tuple[str, ...] = ()


def read_batch(text: str, types: Mapping[str, Type]) -> list[Sent]:
    """Read a batch of queries (section 4.1); ParameterError, and TooLargeError for too many."""
    batch = _object(_json(text, "queries"), "queries")
    _check_number(len(batch), "queries")
    return [_sent(key, _object(asked, f"the query {key!r}"), types) for key, asked in batch.items()]


def read_extension(text: str) -> tuple[list[str], list[Column]]:
    """Read a data extension query (section 7.3); errors are those of `read_batch`."""
    wish = _object(_json(text, "extend"), "extend")
    ids = [_text(one, "an id") for one in _array(wish.get("ids"), "ids")]
    _check_number(len(ids), "ids")
    wanted = _array(wish.get("properties"), "properties")
    if len(wanted) > _COLUMNS:
        raise TooLargeError(f"more than {_COLUMNS} properties are not given at once")
    return ids, [_column(_object(item, "a property")) for item in wanted]


def _sent(key: str, asked: Mapping[str, Any], types: Mapping[str, Type]) -> Sent:
    place = f"the query {key[:40]!r}"
    name = _text(asked.get("query", ""), f"query of {place}")
    properties = _array(asked.get("properties", []), f"properties of {place}")
    if "query" not in asked and not properties:
        _refuse(f"{place} has neither query nor properties")
    strict = asked.get("type_strict", "any")
    if strict not in _STRICT:
        _refuse(f"type_strict of {place} is one of {', '.join(_STRICT)}")
    notes: list[str] = []
    kinds = _kinds(asked.get("type", []), strict, types, notes, place)
    conditions = tuple(_conditions(properties, notes, place))
    empty = not name.strip() and not conditions
    if empty:
        notes.append("there is no name to look for")
    if empty or kinds is None:
        return Sent(key, None, tuple(notes))
    query = NameQuery(
        name.strip(),
        kinds,
        strict != "should",
        _limit(asked.get("limit", _LIMIT), place),
        conditions,
    )
    return Sent(key, query, tuple(notes))


def _kinds(
    given: object, strict: str, types: Mapping[str, Type], notes: list[str], place: str
) -> frozenset[str] | None:
    """Give the kinds of the given types, none for all; None where nothing is of these types."""
    wanted = [given] if isinstance(given, str) else _array(given, f"type of {place}")
    names = [_text(_id_of(item), f"type of {place}") for item in wanted]
    found = [find_type(types, name) for name in names if name]
    for name, type_ in zip(filter(None, names), found, strict=True):
        if type_ is None:
            notes.append(f"there is no type {name[:80]!r}; suggest/type tells those that there are")
    sets = [type_.kinds for type_ in found if type_ is not None]
    if not found or (not sets and strict == "should"):
        return frozenset()
    if not sets or (strict == "all" and None in found):
        return None
    kinds = frozenset.intersection(*sets) if strict == "all" else frozenset.union(*sets)
    return kinds or None


def _conditions(properties: Sequence[object], notes: list[str], place: str) -> Iterator[Condition]:
    for item in properties:
        told = _object(item, f"a property of {place}")
        pid = _text(told.get("pid"), f"pid of {place}")
        if "v" not in told:
            _refuse(f"a property of {place} has no v")
        values = told["v"] if isinstance(told["v"], list) else [told["v"]]
        given = tuple(_given(value, place) for value in values[:_VALUES])
        attribute = find_attribute(pid)
        if attribute is None:
            notes.append(
                f"there is no property {pid[:80]!r}; suggest/property tells those that there are"
            )
        elif kept := tuple(value for value in given if value.text):
            yield Condition(attribute, kept)


def _given(value: object, place: str) -> Given:
    if isinstance(value, bool):
        return Given("true" if value else "false")
    if isinstance(value, int | float):
        return Given(str(value))
    if isinstance(value, dict):
        return Given(_text(value.get("id"), f"id of a value of {place}"), is_id=True)
    return Given(_text(value, f"v of {place}").strip())


def _limit(given: object, place: str) -> int:
    if isinstance(given, bool) or not isinstance(given, int | float) or not given >= 1:
        _refuse(f"limit of {place} is a whole number from 1 on")
    return int(min(given, _MOST))


def _column(wanted: Mapping[str, Any]) -> Column:
    pid = _text(wanted.get("id"), "id of a property")
    attribute = find_attribute(pid)
    if attribute is None:
        _refuse(f"there is no property {pid[:80]!r}; suggest/property tells those that there are")
    settings = _object(wanted.get("settings") or {}, f"settings of {pid[:80]!r}")
    limit = str(settings.get("limit") or 0)
    if not limit.isdecimal() or len(limit) > 6:  # noqa: PLR2004  # a million values are enough
        _refuse(f"limit of {pid[:80]!r} is a whole number; 0 gives all values")
    language = _text(settings.get("language") or "", f"language of {pid[:80]!r}")
    count = settings.get("count") in {True, "true", "on"}
    return Column(attribute, int(limit), language, count)


def _json(text: str, name: str) -> object:
    try:
        # Not all that Python reads is JSON: NaN is no number there.
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ParameterError(f"{name} is no JSON: {str(error)[:200]}") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _object(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        _refuse(f"{name} is an object of JSON")
    return value


def _array(value: object, name: str) -> Sequence[object]:
    if not isinstance(value, list):
        _refuse(f"{name} is an array of JSON")
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        _refuse(f"{name} is a text")
    # Half of a pair of surrogates is no character, and can be written nowhere.
    return value[:_LONGEST].encode("utf-8", "replace").decode()


def _id_of(value: object) -> object:
    return value.get("id") if isinstance(value, dict) else value


def _check_number(number: int, name: str) -> None:
    if number > BATCH:
        raise TooLargeError(
            f"{name} holds {number:,}; at most {BATCH:,} are answered at once: send the rest apart"
        )


def _refuse(told: str) -> NoReturn:
    raise ParameterError(told)
