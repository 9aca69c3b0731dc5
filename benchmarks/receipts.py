"""Designs of receipts: how each statement leads to the rows that state it.

Six statements a row; what differs is where the receipt stands.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from benchmarks.measure import median, python, save, table

_BASE = "http://localhost:8000/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SIKG = "https://w3id.org/sikg/ontology#"
_XSD = "http://www.w3.org/2001/XMLSchema#"

DESIGNS = {
    "none": "merged statements only, no receipts",
    "row graphs": "a graph per row, and the merged default graph",
    "row graphs, union": "a graph per row; the default graph is their union when asked",
    "reified": "merged statements, each named by its row as RDF 1.2 triple term",
}

_LOAD = """
import json, subprocess, sys, time
import pyoxigraph as ox
design, source, path = sys.argv[1:4]
store = ox.Store(path)
began = time.perf_counter()
store.bulk_load(path=source, format=ox.RdfFormat.N_QUADS, lenient=True)
loaded = time.perf_counter() - began
store.optimize()
store.flush()
size = int(subprocess.check_output(["du", "-sm", path]).split()[0])
base, sikg, rdf = "http://localhost:8000/", "https://w3id.org/sikg/ontology#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
this = f"<{base}id/project/777>"
queries = {
    "entity": f"SELECT ?p ?o {{ {this} ?p ?o }}",
    "join": f"SELECT (COUNT(*) AS ?n) {{ ?x <{sikg}country> <{base}id/country/7> ; <{sikg}theme> <{base}id/theme/17> }}",
    "group": f"SELECT ?c (COUNT(*) AS ?n) {{ ?x <{sikg}country> ?c }} GROUP BY ?c",
}
if design == "reified":
    queries["receipts"] = f"SELECT ?p ?o ?row {{ {this} ?p ?o . GRAPH <{base}id/graph/receipts> {{ ?row <{rdf}reifies> <<( {this} ?p ?o )>> }} }}"
elif design != "none":
    queries["receipts"] = f"SELECT ?p ?o ?row {{ GRAPH ?row {{ {this} ?p ?o }} }}"
times = {}
for name, text in queries.items():
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        list(store.query(text, use_default_graph_as_union=design.endswith("union")))
        taken.append((time.perf_counter() - began) * 1000)
    times[name] = sorted(taken)[2]
print(json.dumps({"load": loaded, "size": size, "quads": len(store), "times": times}))
"""


def _statements(rows: int) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give the predicate, and a frame of subject, object and row, of each of six columns."""
    number = pl.int_range(0, rows, eager=True)
    subject = f"<{_BASE}id/project/" + number.cast(pl.String) + ">"
    row = f"<{_BASE}id/row/synthetic-" + (number + 2).cast(pl.String) + ">"
    year = '"' + (2000 + number % 25).cast(pl.String) + f'"^^<{_XSD}gYear>'
    objects = {
        f"{_RDF}type": pl.Series([f"<{_SIKG}Project>"] * rows),
        "http://www.w3.org/2004/02/skos/core#prefLabel": (
            '"Operation number ' + number.cast(pl.String) + ' of the list"@en'
        ),
        f"{_SIKG}country": f"<{_BASE}id/country/" + (number % 30).cast(pl.String) + ">",
        f"{_SIKG}startDate": year,
        f"{_SIKG}fundedBy": f"<{_BASE}id/programme/" + (number % 300).cast(pl.String) + ">",
        f"{_SIKG}theme": f"<{_BASE}id/theme/" + (number % 40).cast(pl.String) + ">",
    }
    for predicate, values in objects.items():
        yield predicate, pl.DataFrame({"s": subject, "o": values, "row": row})


def _write(design: str, rows: int, path: Path) -> None:
    receipts = f"<{_BASE}id/graph/receipts>"
    merged = pl.concat_str("s", "p", "o", pl.lit("."), separator=" ")
    stated = pl.concat_str("s", "p", "o", "row", pl.lit("."), separator=" ")
    named = pl.concat_str(
        "row",
        pl.lit(f"<{_RDF}reifies> <<("),
        "s",
        "p",
        "o",
        pl.lit(f")>> {receipts} ."),
        separator=" ",
    )
    lines = {
        "none": (merged,),
        "row graphs": (merged, stated),
        "row graphs, union": (stated,),
        "reified": (merged, named),
    }[design]
    with path.open("wb") as file:
        for predicate, frame in _statements(rows):
            full = frame.with_columns(p=pl.lit(f"<{predicate}>"))
            for line in lines:
                full.select(line).write_csv(file, include_header=False, quote_style="never")
        if design == "none":
            return
        row = next(_statements(rows))[1]
        place = pl.lit(f"<{_SIKG}fromTable> <{_BASE}id/table/synthetic> {receipts} .")
        row.select(pl.concat_str("row", place, separator=" ")).write_csv(
            file, include_header=False, quote_style="never"
        )


def main() -> None:
    """Measure and write `results/receipts.md`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=1)
    chosen = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="sikg-bench-") as name:
        for design, meaning in DESIGNS.items():
            source = Path(name) / "statements.nq"
            _write(design, chosen.rows, source)
            told = [
                json.loads(python(_LOAD, design, str(source), f"{name}/{design}-{number}").output)
                for number in range(chosen.runs)
            ]
            times = told[0]["times"]
            rows.append(
                [
                    f"{design}: {meaning}",
                    f"{told[0]['quads']:,}",
                    f"{median([item['load'] for item in told]):.0f}",
                    f"{told[0]['size']:,}",
                    *(
                        f"{times[query]:.2f}" if query in times else "—"
                        for query in ("entity", "receipts", "join", "group")
                    ),
                ]
            )
    header = ["design", "quads", "load s", "MiB", "entity ms", "receipts ms", "join ms", "group ms"]
    text = f"{chosen.rows:,} rows of six statements, read after optimize().\n\n"
    text += table(header, rows)
    text += (
        "\n\nThe union is cheaper, but it gives wrong counts: the engine does not merge equal "
        "statements of different graphs, so what two rows state counts twice."
    )
    save("receipts", "Designs of receipts", text)


if __name__ == "__main__":
    main()
