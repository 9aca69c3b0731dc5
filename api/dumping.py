"""Making dumps in a process of its own, so that a service goes on answering: `python -m`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from api.graphs import GEXF, GRAPHML
from api.networks.files import as_gexf, as_graphml
from graph.dataset import Dataset
from graph.dumps.files import Dump
from graph.dumps.writing import ensure_dumps
from graph.errors import NotFoundError, SikgError, TimeLimitError
from graph.networks.asking import Asked
from graph.release import Releases
from visualisations.maps import read_maps
from visualisations.views import view
from visualisations.wording import wording

_ARGUMENTS = 2
_FAILED = 1


def networks(dataset: Dataset) -> Iterator[tuple[Dump, bytes]]:
    """Write the network of every map, as it is drawn: GraphML for analysis, GEXF for Gephi.

    Maps of a release that has no facts are left out, and those that its build left out.
    """
    languages = ("en",)
    for spec in read_maps():
        with suppress(NotFoundError, TimeLimitError):
            seen = view(dataset, spec, Asked(), languages, wording(languages))
            title = spec.title("en").text
            for form, label, body in (
                (GRAPHML, "GraphML", as_graphml(seen)),
                (GEXF, "GEXF", as_gexf(seen)),
            ):
                name = f"network-{spec.name}.{form.suffix}"
                yield Dump(name, "network", f"{title}, as {label}", form.media_type, "XML"), body


def main(arguments: list[str]) -> int:
    """Make the dumps of a release: the arguments are a home folder and a number."""
    if len(arguments) != _ARGUMENTS:
        raise ValueError("a home folder and the number of a release are needed")
    home = Path(arguments[0])
    try:
        ensure_dumps(home, Releases(home).get(int(arguments[1])), networks)
    except SikgError as error:
        sys.stderr.write(f"no dumps of release {arguments[1]}: {error}\n")
        return _FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
