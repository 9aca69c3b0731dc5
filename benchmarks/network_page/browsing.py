"""Visits to a drawing of a network: when it is painted, answers a click, and how it moves."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

_PATIENCE = 180.0  # seconds until a drawing counts as never usable
_SOON = 100  # milliseconds within which a click is answered
_PAINTED = """() => new Promise((done) => {
  const look = () => {
    const found = performance.getEntriesByName("first-contentful-paint")[0];
    if (found) done(found.startTime); else requestAnimationFrame(look);
  };
  look();
})"""
# From the moment in which the browser got the press, which may be long before a script hears of
# it, to the frame after the one in which the node is chosen; null where that takes too long.
_ANSWERED = """() => {
  let began = 0;
  addEventListener("pointerdown", (event) => { began = event.timeStamp; }, { capture: true, once: true });
  window.answered_ = new Promise((done) => {
    const look = () => {
      if (began && (CHOSEN)()) requestAnimationFrame(() => done([began, performance.now()]));
      else if (began && performance.now() - began > 2000) done(null);
      else requestAnimationFrame(look);
    };
    look();
  });
}"""
_FRAMES = """() => { window.frames_ = 0; const count = () => { window.frames_ += 1;
  requestAnimationFrame(count); }; requestAnimationFrame(count); }"""
_OPENED = """() => new Promise((done) => {
  const before = document.querySelector("#network");
  const began = performance.now();
  const look = () => {
    const now = document.querySelector("#network");
    if (now !== before && now?.dataset.state) {
      requestAnimationFrame(() => done(performance.now() - began));
    } else requestAnimationFrame(look);
  };
  document.querySelector("#nodes tbody a[href*='open=']").click();
  look();
})"""


@dataclass(frozen=True, slots=True)
class Page:
    """A page with a drawing: what is there once it is drawn, where a mark is, and if it is chosen."""

    painted: str
    place: str
    chosen: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Milliseconds to the first paint and until usable, of a click; frames a second; kilobytes."""

    paint: float
    usable: float
    click: float | None
    frames: float | None
    weight: float


def visit(browser: Browser, address: str, page: Page, drag: str | None = None) -> Seen:
    """Open a page, click until that is answered, and drag the element that `drag` selects."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    sent: list[int] = []
    session = context.new_cdp_session(tab)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    tab.goto(address, wait_until="commit", timeout=_PATIENCE * 1000)
    paint = float(tab.evaluate(_PAINTED))
    tab.wait_for_selector(page.painted, state="attached", timeout=_PATIENCE * 1000)
    usable, click = float(tab.evaluate("performance.now()")), None
    if drag is not None:
        usable, click = _usable(tab, page)
    frames = None if drag is None else _dragged(tab, drag)
    context.close()
    return Seen(paint, usable, click, frames, sum(sent) / 1000)


def opened(browser: Browser, address: str) -> float:
    """Give the milliseconds that opening the first group of a page takes."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.goto(address)
    tab.wait_for_selector("#network[data-state]", state="attached")
    milliseconds = float(tab.evaluate(_OPENED))
    context.close()
    return milliseconds


def _usable(tab: Tab, page: Page) -> tuple[float, float]:
    """Click on a mark until that is answered soon; gives when it was, and how long it took."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        place: dict[str, float] | None = tab.evaluate(page.place)
        if place is None:
            tab.wait_for_timeout(20)
            continue
        tab.evaluate(_ANSWERED.replace("CHOSEN", page.chosen))
        tab.mouse.click(place["x"], place["y"])
        answer: Any = tab.evaluate("() => window.answered_")
        if answer is not None and answer[1] - answer[0] <= _SOON:
            return answer[1], answer[1] - answer[0]
        tab.keyboard.press("Escape")
        tab.mouse.click(5, 5)
    raise TimeoutError(f"no click was answered within {_PATIENCE:.0f} seconds")


def _dragged(tab: Tab, selector: str) -> float:
    tab.keyboard.press("Escape")
    box = tab.locator(selector).bounding_box()
    if box is None:
        return 0.0
    x, y = box["x"] + 60, min(box["y"] + 60, 800)
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.evaluate(_FRAMES)
    began = time.perf_counter()
    for step in range(60):
        tab.mouse.move(x + 3 * step, y + step)
    seconds = time.perf_counter() - began
    frames = float(tab.evaluate("window.frames_"))
    tab.mouse.up()
    return frames / seconds
