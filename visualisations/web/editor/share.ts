// Links to a query: for people, for programs, and to a release that does not change.

import { button, make } from "../shared/elements";

const RESULTS = ["json", "xml", "csv", "tsv"];
const GRAPHS = ["turtle", "ntriples", "trig", "rdfxml", "jsonld"];

/** What gives away the query: its address, and the same for the command line. */
export class Share {
  readonly element: HTMLDetailsElement;
  private readonly pin: HTMLInputElement;
  private readonly page = make("input", { readonly: true, "aria-label": "Link to this query" });
  private readonly command = make("code");
  private readonly told = make("span", { role: "status" });

  constructor(private readonly query: () => string, private readonly number: number, private readonly longest: number) {
    this.pin = make("input", { type: "checkbox" });
    this.pin.checked = new URLSearchParams(location.search).has("release");
    this.pin.addEventListener("change", () => this.draw());
    this.page.addEventListener("focus", () => this.page.select());
    this.element = make(
      "details",
      { class: "share" },
      make("summary", {}, "Share"),
      make("p", {}, make("label", {}, this.pin, ` Pin to release ${number}, so that it answers the same as long as that is kept`)),
      make("p", { class: "row" }, this.page, button("Copy", () => void this.copy()), this.told),
      make("p", {}, "On the command line:"),
      make("pre", { tabindex: 0, "aria-label": "Command" }, this.command),
    );
    this.element.addEventListener("toggle", () => this.draw());
  }

  /** The release that is asked: the pinned one, or null for the one that is served. */
  get release(): string | null { return this.pin.checked ? this.asked() : null; }

  private asked(): string {
    return new URLSearchParams(location.search).get("release") ?? String(this.number);
  }

  /** Give the address of a page with a query and its answer; it works without any script. */
  address(query: string, format = "html"): string {
    const parameters = new URLSearchParams({ query, format });
    if (this.release !== null) parameters.set("release", this.release);
    return `/sparql?${parameters.toString()}`;
  }

  /** Links to the answer in the formats that it can have. */
  downloads(graph: boolean): HTMLElement {
    const query = this.query();
    if (this.address(query).length > this.longest) {
      return make("p", { class: "quiet" }, "The query is too long for a link; the command under Share gets its answer.");
    }
    const links = (graph ? GRAPHS : RESULTS).flatMap((format) => [
      " ", make("a", { href: this.address(query, format) }, format),
    ]);
    return make("p", { class: "quiet" }, "The same as data:", ...links);
  }

  /** What was shown is of another query. */
  reset(): void {
    this.told.textContent = "";
    if (this.element.open) this.draw();
  }

  private draw(): void {
    const query = this.query();
    const address = new URL(this.address(query), location.href).href;
    this.page.value = address.length > this.longest ? "The query is too long for a link" : address;
    const release = this.release === null ? "" : `?release=${this.release}`;
    const endpoint = new URL(`/sparql${release}`, location.href).href;
    this.command.textContent = `curl '${endpoint}' --data-urlencode 'query=${query.replaceAll("'", "'\\''")}'`;
  }

  private async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.page.value);
      this.told.textContent = "Copied.";
    } catch {
      this.page.focus();
      this.told.textContent = "Press Ctrl+C to copy.";
    }
  }
}
