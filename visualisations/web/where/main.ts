// The page of places: the map that the service has drawn can be zoomed, walked and asked.

import { button, draw, make } from "../shared/elements";
import { panZoom } from "../shared/panzoom";
import { periodSlider } from "../shared/period";
import { addressOf, renew } from "../shared/renewing";
import { sortTables } from "../shared/tables";
import { arrows } from "../shared/walking";

const MOST = 8; // partners of a country that are told

/** The map of the page: its drawing, and the tables that say the same. */
class EuropeMap {
  private readonly panel = make("section", { class: "panel", hidden: true });
  private opened: SVGAElement | null = null;

  constructor(private readonly stage: HTMLElement, private readonly svg: SVGSVGElement) {
    const told = stage.dataset;
    const buttons = panZoom(svg, { zoomIn: told.zoomIn ?? "", zoomOut: told.zoomOut ?? "", whole: told.whole ?? "" });
    const full = button("", () => void this.fill(), { "aria-label": told.full ?? "", title: told.full ?? "" });
    const corners = "M2 6V2H6M10 2H14V6M14 10V14H10M6 14H2V10";
    full.append(draw("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" }, draw("path", {
      d: corners, fill: "none", stroke: "currentColor", "stroke-width": 2,
    })));
    stage.append(make("div", { class: "tools", role: "group" }, ...buttons, full));
    stage.closest("figure")?.append(this.panel);
    const keys = make("p", { class: "hidden", id: "map-keys" }, told.keys ?? "");
    stage.append(keys);
    svg.setAttribute("aria-describedby", keys.id);
    arrows(svg);
    for (const link of svg.querySelectorAll<SVGAElement>("a[data-code]")) {
      const code = link.dataset.code ?? "";
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this.open(link, code);
      });
      link.addEventListener("pointerenter", () => this.mark(code));
      link.addEventListener("pointerleave", () => this.mark(this.opened?.dataset.code ?? null));
    }
  }

  private async fill(): Promise<void> {
    if (document.fullscreenElement !== null) await document.exitFullscreen();
    else await this.stage.requestFullscreen();
  }

  /** Draw the arcs of a country before those of the others; null draws all alike. */
  private mark(code: string | null): void {
    for (const arc of this.svg.querySelectorAll<SVGPathElement>(".arcs path")) {
      const own = arc.dataset.one === code || arc.dataset.other === code;
      arc.classList.toggle("marked", code !== null && own);
      arc.classList.toggle("faint", code !== null && !own);
    }
  }

  /** Tell in the panel what the tables say of a country or region. */
  private open(link: SVGAElement, code: string): void {
    const told = this.stage.dataset;
    const page = document.querySelector<HTMLAnchorElement>(`#table-places tr[data-code="${CSS.escape(code)}"] th a`);
    const heading = make("h2", { tabindex: -1 }, link.getAttribute("aria-label") ?? code);
    const list = make("a", { href: link.getAttribute("href") ?? "" }, told.list ?? "");
    const more = page === null ? null : make("a", { href: page.getAttribute("href") ?? "" }, told.page ?? "");
    const partners = this.partners(code);
    this.panel.replaceChildren(
      heading,
      make("p", { class: "links" }, list, more),
      ...partners.length === 0 ? [] : [make("p", {}, `${told.together ?? ""}: ${partners.join(", ")}`)],
      button(told.close ?? "", () => this.close()),
    );
    this.panel.hidden = false;
    this.panel.setAttribute("aria-label", heading.textContent ?? "");
    this.opened = link;
    this.mark(code);
    heading.focus();
  }

  private close(): void {
    this.panel.hidden = true;
    this.mark(null);
    this.opened?.focus();
    this.opened = null;
  }

  /** Give the countries that one works with, as the table of pairs has them, most first. */
  private partners(code: string): string[] {
    const rows = [...document.querySelectorAll<HTMLTableRowElement>("#table-arcs tbody tr")];
    return rows
      .filter((row) => row.dataset.one === code || row.dataset.other === code)
      .map((row) => ({
        name: row.cells[row.dataset.one === code ? 1 : 0]?.textContent ?? "",
        things: Number(row.cells[2]?.dataset.value ?? 0),
      }))
      .sort((one, other) => other.things - one.things)
      .slice(0, MOST)
      .map(({ name, things }) => `${name} (${things})`);
  }
}

function begin(): void {
  sortTables(document.querySelector("#view") ?? document);
  const stage = document.querySelector<HTMLElement>(".stage");
  const svg = stage?.querySelector<SVGSVGElement>("svg.europe");
  if (stage && svg) new EuropeMap(stage, svg);
}

begin();
const form = document.querySelector<HTMLFormElement>("form.explore");
const list = form?.querySelector<HTMLSelectElement>("select[name=period]");
if (form && list) periodSlider(list, (played) => renew(addressOf(form), begin, played));
