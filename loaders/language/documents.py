"""Documents: YAML files of which every scalar is the text that stands there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from graph.errors import MappingError
from loaders.language.mistakes import one_line


def read_document(path: Path) -> tuple[dict[str, Any], str]:
    """Read a file of keys and values; give it with its text. MappingError tells place and cause."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise MappingError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise MappingError(f"{path}: the file is not in UTF-8: {one_line(error)}") from error
    try:
        document = YAML(typ="base", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        cause = ", ".join(filter(None, (error.context, error.problem)))
        raise MappingError(f"{path}: {line}{one_line(cause)}") from error
    except (YAMLError, RecursionError) as error:
        raise MappingError(f"{path}: no readable YAML: {one_line(error)}") from error
    if not isinstance(document, dict) or not all(isinstance(key, str) for key in document):
        raise MappingError(f"{path}: line 1: a mapping of keys is expected, such as “title: …”")
    return document, text
