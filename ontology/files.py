"""Where the files of the ontology are."""

from pathlib import Path


def path(name: str) -> Path:
    """Return where a file or folder of the ontology is, such as `core.ttl` or `schemes`.

    Raise `FileNotFoundError` for what the ontology does not have, and for a name that leads out
    of its folder.
    """
    # why: it takes longer to import than the rest of this package together
    from importlib.resources import files  # noqa: PLC0415

    home = Path(str(files("ontology")))
    found = (home / name).resolve()
    if not found.is_relative_to(home.resolve()) or not found.exists():
        raise FileNotFoundError(f"the ontology has no file {name!r} (looked in {home})")
    return found
