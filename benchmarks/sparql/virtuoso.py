"""Virtuoso as Debian packages it, with memory for the graph and without limits on results."""

from __future__ import annotations

import re
import shutil
import subprocess
from contextlib import suppress
from urllib.parse import quote

from benchmarks.sparql.generate import Graph
from benchmarks.sparql.servers import Command, Server

_GRAPH = "http://localhost:8000/id/graph/benchmark"
_SQL_PORT = 8763
_LOADERS = 2
_KNOWN = ("virtuoso-t", "isql-vt")

# 340,000 buffers of 8 kB hold ten million statements in memory; the rest is what Debian ships,
# with the limits on results, time and connections raised.
_INI = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
ErrorLogLevel = 7
FileExtend = 200
MaxCheckpointRemap = 2000
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
MaxCheckpointRemap = 2000

[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = {folder}, {data}
MaxClientConnections = 50
CheckpointInterval = 0
SchedulerInterval = 10
MaxQueryMem = 2G
VectorSize = 1000
MaxVectorSize = 1000000
ThreadsPerQuery = 4
AsyncQueueMaxThreads = 10
NumberOfBuffers = 340000
MaxDirtyBuffers = 250000

[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
MaxClientConnections = 50
ServerThreads = 50
MaxKeepAlives = 50
KeepAliveTimeout = 60
EnabledGzipContent = 0

[SPARQL]
ResultSetMaxRows = 10000000
"""


class Virtuoso(Server):
    """Virtuoso, which holds the statements in one named graph that queries name as default."""

    name, title, port = "virtuoso", "Virtuoso", 8753
    ask_path = f"/sparql?default-graph-uri={quote(_GRAPH, safe='')}&"

    def version(self) -> str | None:
        """Give the version that the program tells of itself."""
        if any(shutil.which(program) is None for program in _KNOWN):
            return None
        # It tells its version with its usage, and calls that a failure.
        told = subprocess.run(["virtuoso-t", "-?"], capture_output=True, text=True, check=False)
        found = re.search(r"Version (\S+?)-", told.stdout + told.stderr)
        return found[1] if found else "of unknown version"

    def load(self, graph: Graph) -> None:
        """Load by its bulk loader, as many at once as there are cores."""
        data = graph.files[0].parent
        ini = _INI.format(folder=self.folder, data=data, sql=_SQL_PORT, port=self.port)
        (self.folder / "virtuoso.ini").write_text(ini, encoding="utf-8")
        with self.running(graph):
            _sql(f"ld_dir('{data}', '*.nt', '{_GRAPH}');")
            loaders = [_started("rdf_loader_run();") for _ in range(_LOADERS)]
            if any(loader.wait() for loader in loaders):
                raise RuntimeError("a loader of Virtuoso failed")
            failed = _sql(
                "select ll_file, ll_error from DB.DBA.load_list where ll_error is not null;"
            )
            if "0 Rows" not in failed:
                raise RuntimeError(failed)
            _sql("checkpoint;")

    def command(self, graph: Graph) -> Command:  # noqa: ARG002  # the database knows its graph
        """Serve in the foreground."""
        return ["virtuoso-t", "-f", "-c", self.folder / "virtuoso.ini"]

    def stop(self) -> None:
        """Shut down by its own command, so that nothing is recovered at the next start."""
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                _started("shutdown;").wait(timeout=30)
        super().stop()


def _started(statement: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["isql-vt", f"127.0.0.1:{_SQL_PORT}", "dba", "dba", f"exec={statement}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _sql(statement: str) -> str:
    process = _started(statement)
    told, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(told)
    return told
