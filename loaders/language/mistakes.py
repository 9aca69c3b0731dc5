"""Mistakes in a mapping file, told in one line each: the line of the file, the key, the cause."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

# How pydantic names the branches of a union that it tried; they are no part of the file.
_BRANCHES = {"Choice", "str", "tuple[str, ...]"}
_WRONG_BRANCH = {"string_type", "model_type", "tuple_type"}
# What pydantic says in the words of Python, in those of the file.
_WORDS = {
    "missing": "the key is missing",
    "string_type": "a text is expected",
    "model_type": "keys and values are expected",
    "dict_type": "keys and values are expected",
    "tuple_type": "a list is expected",
    "string_too_short": "a value is missing",
    "too_short": "at least one item is expected",
}

Step = int | str


def sentences(error: ValidationError, text: str, model: type[BaseModel]) -> str:
    """Tell what a file, given as its text, has wrong as a description of a model."""
    errors = error.errors()
    meant = [item["loc"] for item in errors if not _of_wrong_branch(item)]
    node = YAML(typ="base", pure=True).compose(text)
    return "; ".join(
        _sentence(item, node, model)
        for item in errors
        # The branches of a union that nobody meant have their errors too: say nothing of them.
        if not (
            _of_wrong_branch(item)
            and any(place[: len(item["loc"]) - 1] == item["loc"][:-1] for place in meant)
        )
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """Ask for the closest of the known names, if one is close; else say nothing."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def one_line(problem: object) -> str:
    """Put a message that may have several lines into one."""
    return " ".join(str(problem).split())


def _of_wrong_branch(item: ErrorDetails) -> bool:
    return item["type"] in _WRONG_BRANCH and item["loc"][-1] in _BRANCHES


def _sentence(item: ErrorDetails, node: Node, model: type[BaseModel]) -> str:
    place = item["loc"]
    message = _WORDS.get(item["type"], item["msg"].removeprefix("Value error, "))
    steps = [part for part in place if part not in _BRANCHES]
    if item["type"] == "extra_forbidden":
        owner = _owner(model, steps[:-1])
        message = f"there is no such key{nearest(str(steps[-1]), _keys(owner))}"
    where = one_line(".".join(map(str, steps)))
    return f"line {_line_of(node, steps)}: " + (f"{where}: " if where else "") + one_line(message)


def _keys(model: type[BaseModel]) -> dict[str, Any]:
    """Give the fields of a model by the keys that stand for them in a file."""
    return {item.alias or name: item.annotation for name, item in model.model_fields.items()}


def _owner(model: type[BaseModel], steps: Sequence[Step]) -> type[BaseModel]:
    """Give the model that describes what the steps lead to."""
    for step in steps:
        # Numbers and the names that a file gives to its entities lead to no other model.
        found = list(_models(_keys(model).get(str(step))))
        model = found[0] if found else model
    return model


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _line_of(node: Node, steps: Sequence[Step]) -> int:
    """Give the line of the innermost part of the file that the steps lead to."""
    line = node.start_mark.line
    for step in steps:
        if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
        elif isinstance(node, MappingNode):
            found = [pair for pair in node.value if pair[0].value == step]
            if not found:
                break
            line, node = found[0][0].start_mark.line, found[0][1]
        else:
            break
    return int(line) + 1
