"""Check the proposals for all published files, as `sikg check` does: what would load of each."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cli.checking import check_target
from graph.errors import SikgError
from graph.identity import Identity
from loaders.suggesting.suggestion import Suggester, Suggestion
from loaders.suggesting.writing import mapping_text

DATA = Path(__file__).parents[2] / "data"


def check_files(folder: Path, suggester: Suggester) -> dict[str, dict[str, Any]]:
    """Propose a mapping for each file below a folder, and tell what would load by it."""
    with TemporaryDirectory() as scratch:
        return {
            path.name: _checked(path, Path(scratch) / "proposed.yaml", suggester)
            for path in sorted(folder.rglob("*.*"))
            if path.is_file()
        }


def checked(found: Suggestion, proposed: Path, suggester: Suggester) -> dict[str, Any]:
    """Tell what would load by the mapping that is proposed for a table; it is written to a file."""
    proposed.write_text(mapping_text(found, suggester), encoding="utf-8")
    try:
        (source,) = check_target(str(proposed), [DATA], None, Identity())
    except SikgError as error:  # a proposal that is no mapping loads nothing
        rows = len(found.layout.data)
        return {"rows read": rows, "rows loaded": 0, "first problem": str(error)}
    report = source.report()
    return {
        "rows read": report.rows_read,
        "rows loaded": report.rows_loaded,
        "first problem": source.problems[0].sentence() if source.problems else None,
    }


def _checked(path: Path, proposed: Path, suggester: Suggester) -> dict[str, Any]:
    try:
        found = suggester.suggest(path)
    except SikgError as error:
        return {"refused": str(error)}
    return {
        "model": found.choice.target.name,
        "columns mapped": sum(column.match.field is not None for column in found.columns),
        "columns": len(found.columns),
        **checked(found, proposed, suggester),
    }
