// The queries of a reader, each with its title, kept in this browser.

import { button, make } from "../shared/elements";

export interface Tab { title: string; text: string }

const KEPT = "sikg-queries";
const MOST = 30;

/** A row of tabs by the pattern of WAI-ARIA: arrows walk, Delete closes, one stop for Tab. */
export class Tabs {
  readonly element: HTMLElement;
  private readonly list = make("div", { role: "tablist", "aria-label": "Queries" });
  private readonly title = make("input", { "aria-label": "Title of this query", maxlength: 80 });
  private tabs: Tab[] = [];
  private at = 0;

  constructor(private readonly panel: HTMLElement, private readonly opened: (tab: Tab) => void) {
    panel.setAttribute("role", "tabpanel");
    this.title.addEventListener("input", () => {
      this.current.title = this.title.value;
      this.keep();
      this.draw();
    });
    this.element = make(
      "div",
      { class: "tabs" },
      this.list,
      make(
        "div",
        { class: "tools" },
        make("label", {}, "Title ", this.title),
        button("New query", () => this.open({ title: "New query", text: "" })),
        button("Close query", () => this.close(this.at)),
      ),
    );
  }

  get current(): Tab {
    const tab = this.tabs[this.at];
    if (tab === undefined) throw new Error("there is no query");
    return tab;
  }

  /** Begin with the kept queries, and with `asked` open where the address asks for a query. */
  restore(asked: Tab | null, first: Tab): void {
    const { tabs, at } = kept();
    this.tabs = tabs;
    this.at = Math.min(Math.max(at, 0), Math.max(tabs.length - 1, 0));
    if (asked !== null) this.open(asked);
    else if (tabs.length === 0) this.open(first);
    else this.select(this.at);
  }

  /** Open a query in a tab: in one that holds it already, or in a new one. */
  open(tab: Tab): void {
    const known = this.tabs.findIndex((item) => item.text === tab.text);
    if (known < 0) this.tabs = [...this.tabs, { ...tab }].slice(-MOST);
    this.select(known < 0 ? this.tabs.length - 1 : known);
  }

  /** Remember the text of the current query as it is changed. */
  change(text: string): void {
    this.current.text = text;
    this.keep();
  }

  private close(at: number): void {
    this.tabs.splice(at, 1);
    if (this.tabs.length === 0) this.tabs.push({ title: "New query", text: "" });
    this.select(Math.min(at, this.tabs.length - 1));
  }

  private select(at: number, focus = false): void {
    this.at = at;
    this.title.value = this.current.title;
    this.draw();
    this.keep();
    this.opened(this.current);
    const chosen = this.list.children[at];
    if (chosen instanceof HTMLElement) {
      chosen.scrollIntoView({ block: "nearest", inline: "nearest" });
      if (focus) chosen.focus();
    }
  }

  private draw(): void {
    this.list.replaceChildren(...this.tabs.map((tab, place) => {
      const chosen = place === this.at;
      const made = make("button", {
        type: "button",
        role: "tab",
        id: `query-tab-${place}`,
        "aria-selected": String(chosen),
        "aria-controls": this.panel.id,
        tabindex: chosen ? 0 : -1,
      }, tab.title || "Untitled");
      made.addEventListener("click", () => this.select(place));
      made.addEventListener("keydown", (event) => this.walk(event, place));
      return made;
    }));
    this.panel.setAttribute("aria-labelledby", `query-tab-${this.at}`);
  }

  private walk(event: KeyboardEvent, place: number): void {
    const last = this.tabs.length - 1;
    const to = { ArrowLeft: place === 0 ? last : place - 1, ArrowRight: place === last ? 0 : place + 1, Home: 0, End: last }[event.key];
    if (to !== undefined) this.select(to, true);
    else if (event.key === "Delete") this.close(place);
    else return;
    event.preventDefault();
    this.list.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  }

  private keep(): void {
    try {
      localStorage.setItem(KEPT, JSON.stringify({ tabs: this.tabs, at: this.at }));
    } catch {
      // The browser keeps nothing, or nothing more: the queries last as long as the page.
    }
  }
}

function kept(): { tabs: Tab[]; at: number } {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? "{}") as { tabs?: unknown; at?: unknown };
    const tabs = (Array.isArray(found.tabs) ? found.tabs : []).filter(isTab).slice(-MOST);
    return { tabs, at: typeof found.at === "number" ? found.at : 0 };
  } catch {
    return { tabs: [], at: 0 };
  }
}

function isTab(item: unknown): item is Tab {
  return typeof item === "object" && item !== null
    && "title" in item && typeof item.title === "string" && "text" in item && typeof item.text === "string";
}
