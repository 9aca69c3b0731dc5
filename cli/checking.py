"""Check what would load: one source by name, one mapping file, one table file, or all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from graph.errors import NotFoundError
from graph.identity import Identity
from graph.report import SourceReport
from loaders.building.check import Checked, check_sources, enforce, read_sources
from loaders.building.vocabulary import Vocabulary
from loaders.fetching.options import Fetching
from loaders.language.mapping import SourceMapping, read_mapping
from loaders.language.sets import read_sets

__all__ = ["check_target", "enforce", "noted"]

# What a mapping says of a table elsewhere does not hold for one that is given.
_HERE = dict.fromkeys(("url", "endpoint", "query", "sha256"))


def check_target(
    target: str | None,
    data: Sequence[Path],
    sources: Sequence[Path] | None,
    identity: Identity,
    fetching: Fetching | None = None,
) -> list[Checked]:
    """Check sources against each other; give those that the target names.

    References cross sources, so all are read even where one is asked for.
    """
    mappings = read_sets(sources, data)
    chosen = {mapping.name for mapping in mappings} if target is None else {target}
    if target is not None and target.endswith((".yaml", ".yml")):
        own = read_mapping(Path(target))
        mappings = [item for item in mappings if item.name != own.name] + [own]
        chosen = {own.name}
    elif target is not None and target not in {mapping.name for mapping in mappings}:
        path = Path(target)
        own = _of_table(target, mappings)
        replaced = own.model_copy(
            update={"rows": own.rows.model_copy(update={**_HERE, "file": str(path.absolute())})}
        )
        mappings = [replaced if item is own else item for item in mappings]
        chosen = {own.name}
    checked = read_sources(mappings, data[0], fetching=fetching)
    check_sources(checked, identity, Vocabulary.read(identity).concepts)
    return [item for item in checked if item.mapping.name in chosen]


def noted(reports: Sequence[SourceReport]) -> Iterator[str]:
    """Say in a line each what was noticed that sets no row aside: copies used, cells left out."""
    for report in reports:
        for note in report.notes:
            column = "" if note.column is None else f", {note.column}"
            row = "" if note.row is None else f"row {note.row}"
            if note.count > 1:
                row = f"{note.count:,} times" + (f", first in {row}" if row else "")
            yield f"  {report.name}{column}: {note.text}" + (f" ({row})" if row else "")


def _of_table(target: str, mappings: list[SourceMapping]) -> SourceMapping:
    name = Path(target).name
    found = [item for item in mappings if Path(item.rows.file).name == name]
    if not found:
        names = ", ".join(item.name for item in mappings)
        raise NotFoundError(
            f"{target!r} is neither a source ({names}), a mapping file (*.yaml), "
            "nor a table that a source reads"
        )
    return found[0]
