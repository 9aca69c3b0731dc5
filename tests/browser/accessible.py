"""Accessibility of a page as axe finds it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "visualisations/web/node_modules/axe-core/axe.min.js"
_FOUND = """() => axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa",
  "wcag22aa", "best-practice"]}).then(({violations}) =>
  violations.map(({id, nodes}) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`))"""


def assert_accessible(page: Page) -> None:
    """Fail on anything that axe finds; it is put in by the driver, past the policy of the page."""
    page.evaluate(f"{AXE.read_text(encoding='utf-8')};0")
    found = page.evaluate(_FOUND)
    assert found == [], "\n".join(found)
