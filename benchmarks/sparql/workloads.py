"""The workloads: queries in files, with places for what changes from one request to the next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from random import Random
from string import Template
from typing import Literal

_FOLDER = Path(__file__).parent / "queries"
_HEADER = re.compile(r"# (\w+): (.+)\n")
JSON = "application/sparql-results+json"
# In the order in which tables show them.
ORDER = (
    *("point", "describe", "rows", "star", "hops", "page"),
    *("group", "top", "text", "path", "construct", "count", "json", "csv"),
)


@dataclass(frozen=True, slots=True)
class Workload:
    """One query.

    `load` is how it is measured: by many requests at once (wrk), one after another (one), or not
    by itself (none). `compare` is what must be equal in the answers of all servers.
    """

    name: str
    title: str
    load: Literal["wrk", "one", "none"]
    compare: Literal["values", "rows", "none"]
    accept: str
    text: str

    def query(self, constants: dict[str, list[str]], chance: Random) -> str:
        """Give the text of one request, unlike that of any other.

        A limit beyond all rows and a comment at the end change nothing in the answer.
        """
        chosen = {name: chance.choice(values) for name, values in constants.items()}
        text = Template(self.text).substitute(chosen, limit=chance.randrange(10**6, 10**9))
        return f"{text} # {chance.getrandbits(60):x}"


def read(names: list[str]) -> list[Workload]:
    """Read the workloads that are named; KeyError if there is none of a name."""
    known = {file.stem: _read(file) for file in _FOLDER.glob("*.rq")}
    return [known[name] for name in names]


def _read(file: Path) -> Workload:
    content = file.read_text(encoding="utf-8")
    told = dict(_HEADER.findall(content))
    load, compare = told["load"], told["compare"]
    if load not in {"wrk", "one", "none"} or compare not in {"values", "rows", "none"}:
        raise ValueError(f"the header of {file} is not as it should be")
    text = " ".join(_HEADER.sub("", content).split())
    return Workload(file.stem, told["title"], load, compare, told.get("accept", JSON), text)
