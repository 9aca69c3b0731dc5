"""SHACL: results of validating statements against the shapes of the ontology.

What a shape finds in a thing follows from what is said of it and from the classes of what is named
there. So results are kept by a hash of these, and what is known need not be validated again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, TypeAlias

import ontology
from graph.report import ShapeResult

if TYPE_CHECKING:
    import rdflib

_SH = "http://www.w3.org/ns/shacl#"
_SEVERITIES = {f"{_SH}Violation": "Violation", f"{_SH}Warning": "Warning"}

# Lines of N-Triples by the term that they are about.
_Lines: TypeAlias = Mapping[str, Sequence[str]]


@dataclass(slots=True)
class Known:
    """Results of things by what shapes look at in them: of an earlier build, and of this one."""

    before: Mapping[str, tuple[ShapeResult, ...]] = field(default_factory=dict)
    now: dict[str, tuple[ShapeResult, ...]] = field(default_factory=dict)

    def results(self, things: Collection[str], said: bytes, classes: bytes) -> list[ShapeResult]:
        """Validate things by what is said of them, and the classes of what is named there.

        Both are N-Triples. Results of anything else are left out.
        """
        about, kinds = _by_subject(said), _by_subject(classes)
        looked = {thing: _looked_at(f"<{thing}>", about, kinds) for thing in things}
        keys = {
            thing: sha256("\n".join(lines).encode()).hexdigest() for thing, lines in looked.items()
        }
        self.now.update({key: self.before[key] for key in keys.values() if key in self.before})
        new = {thing for thing, key in keys.items() if key not in self.now}
        found: dict[str, list[ShapeResult]] = {thing: [] for thing in new}
        if new:
            lines = dict.fromkeys(line for thing in sorted(new) for line in looked[thing])
            for item in validated("\n".join([*lines, ""]).encode()):
                if item.focus in found:
                    found[item.focus].append(item)
        self.now.update({keys[thing]: tuple(results) for thing, results in found.items()})
        return [item for key in keys.values() for item in self.now[key]]


def _by_subject(statements: bytes) -> _Lines:
    found: dict[str, list[str]] = defaultdict(list)
    for line in filter(None, statements.decode().split("\n")):
        found[line.partition(" ")[0]].append(line)
    return found


def _looked_at(thing: str, about: _Lines, kinds: _Lines) -> list[str]:
    """Give what shapes look at in a thing, in a fixed order."""
    said = sorted(set(about.get(thing, ())))
    named = sorted({line.removesuffix(" .").rpartition(" ")[2] for line in said})
    return [*said, *(line for name in named for line in sorted(set(kinds.get(name, ()))))]


@cache  # they never change, and nobody writes to them
def shapes() -> rdflib.Graph:
    """Read the shapes of the ontology."""
    # why: it takes a third of a second to import, and only few processes need it
    import rdflib  # noqa: PLC0415

    return rdflib.Graph().parse(ontology.path("shapes.ttl"), format="turtle")


def validated(statements: bytes) -> list[ShapeResult]:
    """Validate statements in N-Triples."""
    # why: both take a third of a second to import, and only few processes need them
    import rdflib  # noqa: PLC0415
    from pyshacl import validate as shacl  # noqa: PLC0415

    data = rdflib.Graph().parse(data=statements, format="nt")
    _, results, _ = shacl(data, shacl_graph=shapes(), inference="none", advanced=False)
    if not isinstance(results, rdflib.Graph):
        raise TypeError(f"pyshacl gave no report graph: {results!r}")
    return _read(results)


def _read(results: object) -> list[ShapeResult]:
    import rdflib  # noqa: PLC0415  # as above

    assert isinstance(results, rdflib.Graph)  # noqa: S101  # for the type checkers
    sh = rdflib.Namespace(_SH)
    found = []
    for node in results.objects(None, sh.result):
        path, value = results.value(node, sh.resultPath), results.value(node, sh.value)
        severity = str(results.value(node, sh.resultSeverity))
        found.append(
            ShapeResult.model_validate(
                {
                    "severity": _SEVERITIES.get(severity, "Info"),
                    "focus": str(results.value(node, sh.focusNode)),
                    "path": None if path is None else str(path),
                    "value": None if value is None else str(value),
                    "message": str(results.value(node, sh.resultMessage)),
                }
            )
        )
    return found
