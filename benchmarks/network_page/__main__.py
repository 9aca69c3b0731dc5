"""The page of a network in Chromium: first paint, a click answered, frames a second.

`python -m benchmarks.network_page [NODES …]`; with `--home DIR NODES`, a release that is there. The
browser has no graphics processor, as an old laptop or a projector's box may have none.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from api.app import create_app
from api.settings import Settings
from benchmarks.measure import median, save, table
from benchmarks.network_page.browsing import Page, Seen, opened, visit
from benchmarks.network_page.pyvis_page import served as pyvis_served
from benchmarks.networks.homes import LINKS, make
from benchmarks.startup import wait_for_rest

_SIZES = (500, 2_000, 5_000, 20_000)
_RUNS = 5
_PORT = 8763
_PATH = "/networks/organisations"
_SELF_CONTAINED = "/maps/organisations"
_AS_IT_COMES = (
    500  # nodes that pyvis is asked to draw with its own defaults: once, as it takes long
)
_MOST_IN_FILE = 2_000
_GROUPS = 5_000  # nodes from which groups are drawn, and can be opened
# The pop-up of the address bar is a page of its own, which the browser draws with each new window
# and so beside the page that is measured.
_OWN_PAGES = "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup"
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    f"--disable-features={_OWN_PAGES}",
)
_OURS = Page(
    painted="#network[data-state]",
    place="""() => {
      for (const mark of document.querySelectorAll(".marks [data-n] :is(circle, path)")) {
        const box = mark.getBoundingClientRect();
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        if (y > 0 && y < innerHeight - 50) return { x, y };
      }
      return null;
    }""",
    chosen="""() => !document.querySelector("#panel").hidden""",
)
_OF_FILE = Page(painted="#network[data-state=drawn]", place="() => null", chosen="() => false")


def main(sizes: Sequence[int], home: Path | None) -> None:
    """Measure and write `results/network_page.md`."""
    rows: list[list[str]] = []
    told: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=list(_ARGUMENTS)
        )
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                place = home or Path(folder)
                if home is None:
                    make(place, size)
                with _served(place) as address:
                    rows += _rows(browser, address, size, told)
        browser.close()
    heads = ["nodes", "page", "first paint", "usable", "click", "frames/s", "kB"]
    text = (
        f"Skewed networks of {LINKS} links a node, Chromium headless without a graphics processor; "
        f"milliseconds from navigation, median of {_RUNS} after one visit. Usable is when a click "
        "on a mark was answered within 100 ms for the first time: clicks are tried as soon as the "
        "drawing says that it is there, and again until one was; click is how long that one took, "
        "frames are those while the drawing is dragged, kB as sent. The browser is told not to draw "
        "pages of its own beside them (its address bar has one). Pyvis as it comes: 0.3.2 with "
        "its defaults, its files served from this machine and its style sheets of others left "
        "empty, one visit.\n\n"
    )
    save(
        "network_page", "The page of a network", text + table(heads, rows) + "\n\n" + " ".join(told)
    )


def _rows(browser: Browser, address: str, size: int, told: list[str]) -> Iterator[list[str]]:
    ours = [visit(browser, address + _PATH, _OURS, drag="#stage") for _ in range(_RUNS + 1)][1:]
    yield [f"{size:,}", "ours", *_medians(ours)]
    if size > _GROUPS:
        times = [opened(browser, address + _PATH) for _ in range(_RUNS + 1)][1:]
        told.append(f"{size:,} nodes: the largest group opened in {median(times):,.0f} ms.")
    if size <= _MOST_IN_FILE:
        file = [visit(browser, address + _SELF_CONTAINED, _OF_FILE) for _ in range(_RUNS + 1)][1:]
        yield [f"{size:,}", "one file (pyvis without its physics)", *_medians(file)]
    if size == _AS_IT_COMES:
        with pyvis_served(address + "/api/v1" + _PATH) as (other, page):
            theirs = visit(browser, other, page, drag="#mynetwork")
        yield [f"{size:,}", "pyvis as it comes", *_medians([theirs])]
        sooner = theirs.usable / median([seen.usable for seen in ours])
        told.append(f"{size:,} nodes: ours is usable {sooner:,.0f} times sooner than pyvis.")


def _medians(found: Sequence[Seen]) -> Iterator[str]:
    for name in ("paint", "usable", "click", "frames", "weight"):
        values = [value for seen in found if (value := getattr(seen, name)) is not None]
        yield f"{median(values):,.0f}" if values else ""


@contextmanager
def _served(home: Path) -> Iterator[str]:
    application = create_app(Settings(home=home, access_log="off"))
    server = uvicorn.Server(
        uvicorn.Config(application, host="127.0.0.1", port=_PORT, log_level="error")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    wait_for_rest()
    yield f"http://127.0.0.1:{_PORT}"
    server.should_exit = True
    thread.join()


if __name__ == "__main__":
    given = sys.argv[1:]
    folder_ = Path(given[1]) if given[:1] == ["--home"] else None
    numbers = [int(item) for item in given[2 if folder_ else 0 :]]
    main(numbers or _SIZES, folder_)
