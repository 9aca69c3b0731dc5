"""Sets: several folders of mappings built together, over several folders of tables.

The sets that come with the project have names: `default` is what is built when none is named,
and the others are folders beside it, such as `operations`.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from graph.errors import MappingError
from loaders.language.mapping import SourceMapping, read_mappings
from loaders.language.mistakes import nearest

DEFAULT = "default"


def read_sets(sets: Sequence[Path] | None, data: Sequence[Path]) -> list[SourceMapping]:
    """Read the mappings of all sets; MappingError where two have one name or a folder is missing.

    A table is looked for in the folders of tables in their order; where it stands in another than
    the first, its mapping names the whole path.
    """
    missing = next((folder for folder in data[1:] if not folder.is_dir()), None)
    if missing is not None:
        raise MappingError(f"{missing}: there is no such folder of tables")
    read: dict[str, tuple[SourceMapping, Path]] = {}
    for name in sets or [Path(DEFAULT)]:
        folder = _folder(name)
        for mapping in read_mappings(folder):
            if mapping.name in read:
                raise MappingError(
                    f"{folder}: a mapping of {read[mapping.name][1]} has the name "
                    f"{mapping.name!r} too"
                )
            read[mapping.name] = (_placed(mapping, data), folder)
    found = [mapping for mapping, _ in read.values()]
    if not data[0].is_dir() and any(_is_here(mapping) for mapping in found):
        raise MappingError(
            f"{data[0]}: there is no such folder of tables; make a workspace (sikg new-workspace "
            "DIR) and run this there, or name the folder (--data FOLDER)"
        )
    return found


def _is_here(mapping: SourceMapping) -> bool:
    """Tell whether the rows of a source stand in a folder of tables."""
    rows = mapping.rows
    return not (rows.url or rows.endpoint or Path(rows.file).is_absolute())


def _folder(name: Path) -> Path:
    """Give the folder of a set: a path, or the name of one that comes with the project."""
    if name.is_dir():
        return name
    root = Path(str(resources.files("loaders") / "sources"))
    if str(name) == DEFAULT:
        return root
    known = {path.name for path in root.iterdir() if path.is_dir()}
    if str(name) in known:
        return root / name
    raise MappingError(
        f"{name}: there is no such folder, and the sets of mappings by name are "
        f"{', '.join(sorted({DEFAULT, *known}))}{nearest(str(name), known)}"
    )


def _placed(mapping: SourceMapping, data: Sequence[Path]) -> SourceMapping:
    rows = mapping.rows
    key = "recorded" if rows.url or rows.endpoint else "file"
    name = getattr(rows, key)
    if name is None:
        return mapping
    found = next((folder for folder in data if (folder / name).exists()), data[0])
    if found == data[0]:
        return mapping
    path = str((found / name).absolute())
    return mapping.model_copy(update={"rows": rows.model_copy(update={key: path})})
