"""Reports as readers have them: the text of a PDF, read by a program that is not ours."""

from __future__ import annotations

import os
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from unicodedata import normalize

import pytest
from fastapi.testclient import TestClient

from visualisations.money.telling import amount
from visualisations.wording import wording

QUERY = "money=total.approved.EUR&through=fund,country"


def _plain(text: str) -> str:
    """Leave out all space: a reader of PDF breaks lines and cells where it sees fit."""
    return "".join(normalize("NFKC", text).replace("\N{SOFT HYPHEN}", "").split())


@pytest.fixture
def report(client: TestClient, tmp_path: Path) -> str:
    """Read the report of a flow; without a reader skip, or fail where it is required."""
    reader = shutil.which("pdftotext")
    if reader is None:
        reason = "there is no pdftotext (Debian: apt-get install poppler-utils)"
        if os.environ.get("SIKG_REQUIRE_PDF_READER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    file = tmp_path / "report.pdf"
    file.write_bytes(client.get(f"/money.pdf?{QUERY}").content)
    read = subprocess.run([reader, str(file), "-"], capture_output=True, check=True)
    return _plain(read.stdout.decode())


def test_a_report_tells_its_title_sums_sources_and_licences(
    client: TestClient, report: str
) -> None:
    (flow,) = client.get(f"/api/v1/flows?{QUERY}").json()["flows"]
    words = wording(["en"])
    assert report.startswith(_plain("Money: Fund → Country (total cost, committed, EUR)"))
    sums = [flow["total"]["sum"], *(band["sum"] for band in flow["bands"])]
    told = {amount(Decimal(value), "EUR", words) for value in sums if value is not None}
    assert len(told) > 5
    assert [text for text in told if _plain(text) not in report] == []
    sources = client.get("/api/v1/quality").json()["sources"]
    assert len(sources) > 5
    assert [item["title"] for item in sources if _plain(item["title"]) not in report] == []
    assert _plain("https://creativecommons.org/licenses/by/4.0/") in report
