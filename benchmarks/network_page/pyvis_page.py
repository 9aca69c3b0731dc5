"""The same network drawn by pyvis with its own defaults, served with all that its page loads."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import as_file, files
from pathlib import Path

from benchmarks.network_page.browsing import Page

_ELSEWHERE = re.compile(r'https://[^"]*/([\w.-]+\.(?:css|js))"')
_INTEGRITY = re.compile(r'\s(?:integrity|crossorigin|referrerpolicy)="[^"]*"')
_PAGE = Page(
    painted="#mynetwork canvas",
    # Where the bar that counts to 100 % has gone, and a node is.
    place="""() => {
      const bar = document.querySelector("#loadingBar");
      if (bar && getComputedStyle(bar).display !== "none") return null;
      const id = nodes.getIds()[0];
      const at = network.canvasToDOM(network.getPositions([id])[id]);
      const box = document.querySelector("#mynetwork canvas").getBoundingClientRect();
      return { x: box.x + at.x, y: box.y + at.y };
    }""",
    chosen="() => network.getSelectedNodes().length > 0",
)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
        """Say nothing."""


@contextmanager
def served(document: str) -> Iterator[tuple[str, Page]]:
    """Serve the page of pyvis for the network at an address; gives its address and what it is."""
    with urllib.request.urlopen(document) as answer:
        network = json.load(answer)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(network, folder)
        handler = partial(_Quiet, directory=name)
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            yield f"http://127.0.0.1:{server.server_port}/index.html", _PAGE
            server.shutdown()
            thread.join()


def _write(network: dict[str, dict[str, list[int]]], folder: Path) -> None:
    from pyvis.network import Network

    drawn = Network(height="750px", width="100%")
    nodes, links = network["nodes"], network["links"]
    for number, label in enumerate(nodes["label"]):
        drawn.add_node(number, label=label, title=label)
    for source, target in zip(links["source"], links["target"], strict=True):
        drawn.add_edge(source, target)
    page = drawn.generate_html()
    with as_file(files("pyvis") / "templates" / "lib") as shipped:
        shutil.copytree(shipped, folder / "lib")
    # What it would fetch from elsewhere it ships, too; styles of others are left empty.
    for file in (folder / "lib" / "vis-9.1.2").iterdir():
        shutil.copy(file, folder / file.name)
    shutil.copy(folder / "vis-network.css", folder / "vis-network.min.css")
    for name in _ELSEWHERE.findall(page):
        (folder / name).touch()
    page = _INTEGRITY.sub("", _ELSEWHERE.sub(r'\1"', page))
    (folder / "index.html").write_text(page, encoding="utf-8")
