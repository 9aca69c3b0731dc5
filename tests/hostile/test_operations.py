"""Every operation of our OpenAPI document, asked with what fits it and with what does not."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.hostile.conftest import Serve

COMMAND = Path(sys.executable).with_name("schemathesis")
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")


def test_every_operation_does_what_its_description_says(serve: Serve, tmp_path: Path) -> None:
    """No error of the server, no status, header, type or content that the document omits.

    Nothing that the document excludes is taken, and nothing that it allows is refused. The same
    requests are made in each run.
    """
    server = serve(access_log="off")
    paths = server.ask("/api/v1/openapi.json").document["paths"]
    operations = sum(len(methods) for methods in paths.values())
    document = f"{server.address}/api/v1/openapi.json"
    command = [str(COMMAND), "--config-file", str(CONFIGURATION), "run", document, "--no-color"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    tested = re.search(r"Tested: +([0-9]+)", ran.stdout)
    assert tested is not None, ran.stdout
    assert int(tested[1]) == operations > 90
    server.check()
