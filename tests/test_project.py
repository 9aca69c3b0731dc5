"""The project is one application: its names are its own, and its files say what they are."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import distributions, packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("ontology", "graph", "loaders", "visualisations", "api", "cli")
DISTRIBUTION = "social-innovation-knowledge-graph"

# What is made by tools, and what no version holds.
NOT_OURS = {
    ".git",
    ".venv",
    "var",
    "node_modules",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".import_linter_cache",
    ".hypothesis",
    "dist",
    "build",
    "built",
}
# Written in parts, so that this file passes its own test.
FORBIDDEN = {
    "a path of the machine it was made on": r"(?<![\w*])/wo" + "rk/",
    "a tool of the place it was made at": "farm" + "-bench",
    "a command of that place": "issues" + r" (show|list|comment|close|new)\b",
    "another command of that place": "`dupli" + "cates`",
    "the contract of those who made it": "CONTR" + r"ACT\.md",
    "a host of packages": r"(pypi\.org|pythonhosted" + r"\.org|npmjs\.(org|com)|crates\.io)",
    "an index of packages": r"(--|extra-)index" + "-url",
}
UNDONE = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def files() -> Iterator[Path]:
    """Give the files of the project, those in folders that tools make left out."""
    folders = [ROOT]
    while folders:
        for path in sorted(folders.pop().iterdir()):
            if path.name in NOT_OURS or path.name.endswith(".egg-info") or path.is_symlink():
                continue
            if path.is_dir():
                folders.append(path)
            else:
                yield path


def text_of(path: Path) -> str | None:
    """Give the text of a file, or None for a picture and the like."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


TEXTS = {path: text for path in files() if (text := text_of(path)) is not None}
MODULES = [
    path for path in TEXTS if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES
]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_other_distribution_owns_one_of_our_names() -> None:
    """The names are plain words: the project is an application in an environment of its own."""
    owners = packages_distributions()
    assert {name for one in PACKAGES for name in owners.get(one, [DISTRIBUTION])} == {DISTRIBUTION}


def test_no_other_distribution_installs_files_under_one_of_our_names() -> None:
    """What the metadata leave out: some distributions name no packages."""
    ours = {*PACKAGES, *(f"{name}.py" for name in PACKAGES)}
    for distribution in distributions():
        if distribution.metadata["Name"] == DISTRIBUTION:
            continue
        tops = {Path(file).parts[0] for file in distribution.files or [] if Path(file).parts}
        assert not tops & ours, distribution.metadata["Name"]


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_is_imported_from_here(name: str) -> None:
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).is_relative_to(ROOT / name)


def test_the_wheel_holds_all_packages_and_cannot_be_uploaded_by_mistake() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["name"] == DISTRIBUTION
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(wheel["packages"]) == set(PACKAGES)
    assert "Private :: Do Not Upload" in project["project"]["classifiers"]


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_says_that_it_is_typed(name: str) -> None:
    assert (ROOT / name / "py.typed").is_file()


# One test for all files: thousands of small ones took longer to be handed out than to be run.
def test_every_module_says_what_it_is() -> None:
    def said(path: Path) -> str:
        return (ast.get_docstring(ast.parse(TEXTS[path])) or "").partition("\n")[0]

    assert [named(path) for path in MODULES if not said(path).endswith((".", ":"))] == []


def test_no_module_is_named_after_nothing() -> None:
    names = {path: {path.stem, *path.relative_to(ROOT).parts} for path in MODULES}
    assert [named(path) for path, parts in names.items() if parts & BANNED_NAMES] == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names_the_place_it_was_made_at(what: str) -> None:
    wanted = re.compile(FORBIDDEN[what], re.IGNORECASE)
    found = {named(path): wanted.search(text) for path, text in TEXTS.items()}
    assert {name: match[0] for name, match in found.items() if match} == {}


def test_nothing_is_left_undone_in_a_module() -> None:
    assert [named(path) for path in MODULES if UNDONE.search(TEXTS[path])] == []


def test_the_files_are_found() -> None:
    """A test of the test."""
    found = {named(path) for path in TEXTS}
    assert {
        "pyproject.toml",
        "graph/store/quads.py",
        "ontology/core.ttl",
        "tests/conftest.py",
    } <= found
    assert not any(name.startswith((".venv", "var/", ".git/")) for name in found)
    assert len(MODULES) > 30
