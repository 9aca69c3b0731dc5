"""Making the fact tables of a release from its statements."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from graph.engine import Query
from graph.errors import disk_error
from graph.facts.cubes import make_cubes
from graph.facts.facets import make_facets
from graph.facts.reading import MADE, SHAPE
from graph.facts.relations import RELATIONS, write_relations
from graph.facts.spans import make_spans
from graph.formats import RESULT_FORMATS, by_name
from graph.identity import Identity
from graph.lines import Lines, lexical
from graph.store import Store

if TYPE_CHECKING:
    import duckdb

_HERE = Path(__file__).parent
# What has what, by dimension: undertakings themselves, amounts and participations by theirs.
_PAIRS = {
    "country": """
      SELECT subject, object FROM country
      WHERE subject IN (FROM undertaking) OR subject IN (FROM things_of('Participation'))
      UNION SELECT within.subject, country.object FROM within
      JOIN country ON country.subject = within.thing
      WHERE within.subject IN (SELECT amount FROM agreed)""",
    "seat": """
      SELECT participant.subject, country.object FROM participant
      JOIN country ON country.subject = participant.object""",
    "region": """
      SELECT within.subject, region.object FROM within
      JOIN region ON region.subject = within.thing
      WHERE within.subject IN (FROM undertaking)
        OR within.subject IN (SELECT amount FROM agreed)""",
    "programme": """
      SELECT within.subject, funded_by.object FROM within
      JOIN funded_by ON funded_by.subject = within.thing""",
    "payer": """
      SELECT within.subject, part_of_all.object FROM within
      JOIN (FROM funded_by UNION FROM call) AS paid ON paid.subject = within.thing
      JOIN part_of_all ON part_of_all.subject = paid.object""",
    "fund": """
      SELECT within.subject, part_of_all.object FROM within
      JOIN (FROM funded_by UNION FROM call) AS paid ON paid.subject = within.thing
      JOIN part_of_all ON part_of_all.subject = paid.object
      WHERE part_of_all.object NOT IN (SELECT subject FROM part_of)
        AND part_of_all.object NOT IN (FROM things_of('Strand'))""",
    # The parts that pay, without those of which another one that pays is a part. Of a strand it
    # need not be known what it is a part of.
    "strand": """
      WITH paid AS (
        SELECT within.subject, paid.object FROM within
        JOIN (FROM funded_by UNION FROM call) AS paid ON paid.subject = within.thing
        WHERE paid.object IN (SELECT subject FROM part_of)
          OR paid.object IN (FROM things_of('Strand'))
      )
      FROM paid EXCEPT
      SELECT paid.subject, part_of_all.object FROM paid
      JOIN part_of_all ON part_of_all.subject = paid.object
      WHERE part_of_all.object <> paid.object""",
    "project": """
      SELECT subject, thing AS object FROM within
      WHERE subject IN (FROM undertaking) OR subject IN (SELECT amount FROM agreed)""",
    "organisation": """
      SELECT within.subject, found.object FROM within
      JOIN (
        SELECT participates_in.object AS thing, participant.object FROM participates_in
        JOIN participant ON participant.subject = participates_in.subject
        UNION FROM carried_by UNION FROM lead_partner
      ) AS found ON found.thing = within.thing
      WHERE within.subject IN (FROM undertaking)
        OR within.subject IN (SELECT amount FROM agreed)""",
    "theme": """
      SELECT within.subject, theme.object FROM within JOIN theme ON theme.subject = within.thing""",
    "target_group": """
      SELECT within.subject, target_group.object FROM within
      JOIN target_group ON target_group.subject = within.thing""",
    "principle": """
      SELECT within.subject, principle.object FROM within
      JOIN principle ON principle.subject = within.thing""",
    "role": "SELECT subject, object FROM role",
}
# How combinations name their members: by key, and by kind and key where these are of several kinds.
_WRITTEN = {"project": "coalesce(thing.kind || '/' || thing.key, thing.key)"}
_ROWS = Query("""
PREFIX sikg: <https://w3id.org/sikg/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?row ?source ?title ?said WHERE {
  GRAPH ?receipts {
    ?row sikg:fromTable/sikg:fromSource ?source .
    ?source dcterms:title ?title .
    OPTIONAL { ?row sikg:confidence ?said . }
  }
}
""")


def build(store: Store, identity: Identity, folder: Path, lines: Lines | None = None) -> None:
    """Make the fact tables of a store in a new folder.

    `lines` are the files that the store was loaded from, which saves writing them again.
    StorageError if the disk refuses.
    """
    with tempfile.TemporaryDirectory(prefix="lines-", dir=folder.parent) as work:
        read = Lines.dumped(store, Path(work)) if lines is None else lines
        count(read, identity, folder)
        weigh(store, read, folder)


def count(lines: Lines, identity: Identity, folder: Path) -> None:
    """Make all fact tables that need no store in a new folder; StorageError if the disk refuses."""
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="facts-", dir=folder.parent) as work:
        unfit = write_relations(lines, identity, folder)
        derive(folder, Path(work))
    _write_made(folder, {"unfit": unfit, "shape": SHAPE})


def weigh(store: Store, lines: Lines, folder: Path) -> None:
    """Add the table of how sure rows are, which their receipts in the store say."""
    _evidence(store, lines).write_parquet(folder / "evidence.parquet")


def stamp(folder: Path, number: int, digest: str) -> None:
    """Write which release the facts of a folder were made of."""
    made = json.loads((folder / MADE).read_text("utf-8"))
    _write_made(folder, {**made, "release": number, "digest": digest})


def _write_made(folder: Path, made: Mapping[str, object]) -> None:
    # Replaced, not written over: an edited release has the same file by a hard link.
    new = folder / f"{MADE}.new"
    new.write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    new.replace(folder / MADE)


def derive(folder: Path, work: Path) -> None:
    """Make the tables that follow from the relations, and write them beside those.

    What does not fit in memory is put into the folder `work`.
    """
    # why: as in reading, 60 MB of code
    import duckdb  # noqa: PLC0415

    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 2,
        "temp_directory": str(work),
    }
    try:
        with duckdb.connect(config=settings) as connection:
            _make(connection, folder)
    except duckdb.IOException as error:
        raise disk_error(folder, OSError(str(error))) from error


def _make(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    given = ["thing", *(relation.name for relation in RELATIONS)]
    for name in given:
        connection.execute(
            f"CREATE TABLE {name} AS FROM read_parquet(?)", [str(folder / f"{name}.parquet")]
        )
    connection.execute((_HERE / "terms.sql").read_text("utf-8"))
    connection.execute((_HERE / "tables.sql").read_text("utf-8"))
    template = (_HERE / "sets.sql").read_text("utf-8")
    for name, pairs in _PAIRS.items():
        written = _WRITTEN.get(name, "thing.key")
        connection.execute(template.format(name=name, pairs=pairs, written=written))
    connection.execute((_HERE / "facts.sql").read_text("utf-8"))
    connection.execute((_HERE / "partners.sql").read_text("utf-8"))
    make_cubes(connection)
    make_facets(connection)
    make_spans(connection)
    found = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY 1"
    ).fetchall()
    for (name,) in found:
        if name not in given:
            target = str(folder / f"{name}.parquet").replace("'", "''")
            connection.execute(f"COPY {name} TO '{target}' (FORMAT parquet, COMPRESSION zstd)")


def _evidence(store: Store, lines: Lines) -> pl.DataFrame:
    """Count rows and their statements by source and confidence, terms as SPARQL writes them."""
    tsv = by_name(RESULT_FORMATS, "tsv")
    assert tsv is not None  # noqa: S101  # a constant of ours
    _, body = store.answer(_ROWS, lambda _: tsv)
    read = pl.read_csv(body, separator="\t", quote_char=None, infer_schema=False)
    rows = read.rename(lambda name: name.removeprefix("?")).with_columns(
        pl.col("said").replace("", None).fill_null('"unknown"')
    )
    counted = lines.counts().collect(engine="streaming")
    found = rows.join(counted, left_on="row", right_on="graph")
    summed = found.group_by("source", "title", "said").agg(
        rows=pl.col("row").n_unique().cast(pl.Int64), statements=pl.col("statements").sum()
    )
    # As the store sorts: by the IRI and the word, without the signs around them.
    ordered = summed.with_columns(iri=lexical(summed["source"]), word=lexical(summed["said"]))
    return ordered.sort("iri", "word", "title").drop("iri", "word").with_row_index("place")
