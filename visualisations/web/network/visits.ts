// From view to view without leaving the page: each has an address, and the way back is the browser's.

import { find } from "../shared/elements";
import { announce, say } from "./words";

/** Give the focus to the drawing of another view, or to the view, since what had it is gone. */
function keepFocus(view: HTMLElement): void {
  const next = view.querySelector<HTMLElement>("#stage") ?? view;
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
}

/** Carries the reader to other views of the network. */
export class Visits {
  private asking: AbortController | null = null;
  private shown = location.pathname + location.search;

  /** `arrived` is told of another drawing, `around` of another page around it, `moved` of a node. */
  constructor(
    private readonly arrived: () => void, private readonly around: () => void, private readonly moved: (node: string) => void,
  ) {
    document.addEventListener("click", (event) => this.followed(event));
    document.addEventListener("submit", (event) => this.submitted(event));
    window.addEventListener("popstate", () => this.returned());
  }

  /** Tell whether there is a view before this one in this visit. */
  get steps(): number { return Number((history.state as { steps?: number } | null)?.steps ?? 0); }

  /** Show another view. */
  async go(address: string, push = true): Promise<void> {
    await this.fetched(address, push, (made) => {
      const view = find<HTMLElement>("#view");
      const held = view.contains(document.activeElement);
      view.replaceChildren(...made.childNodes);
      if (held) keepFocus(view);
      this.arrived();
      announce(view.querySelector("#summary, .notice")?.textContent ?? "");
    });
  }

  /** Show what stands around the drawing of another view; the drawing shows it already. */
  async follow(changes: Record<string, string | null>): Promise<void> {
    await this.fetched(this.changed(changes) + location.hash, true, (made) => {
      const view = find("#view");
      const kept = find("#network", view);
      const other = find("#network", made);
      find("#summary", kept).replaceWith(find("#summary", other));
      for (const node of [...view.childNodes]) if (node !== kept) node.remove();
      let before = true;
      for (const node of [...made.childNodes]) {
        if (node === other) before = false;
        else if (before) kept.before(node);
        else view.append(node);
      }
      this.around();
    });
  }

  private async fetched(address: string, push: boolean, show: (made: Element) => void): Promise<void> {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const view = find("#view");
    view.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { headers: { accept: "text/html" }, signal: asking.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const made = page.querySelector("#view");
      // A problem, or another page: the browser shows it as it is.
      if (!answer.ok || made === null) { location.assign(address); return; }
      if (push) history.pushState({ steps: this.steps + 1 }, "", address);
      this.shown = location.pathname + location.search;
      document.title = page.title;
      show(made);
    } catch {
      if (!asking.signal.aborted) announce(say("gone"));
    } finally {
      if (this.asking === asking) view.removeAttribute("aria-busy");
    }
  }

  /** Show this view with some parameters changed; null takes one out. */
  change(changes: Record<string, string | null>): Promise<void> { return this.go(this.changed(changes)); }

  private changed(changes: Record<string, string | null>): string {
    const to = new URL(location.href);
    to.hash = "";
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) to.searchParams.delete(name);
      else to.searchParams.set(name, value);
    }
    return to.pathname + to.search;
  }

  /** Remember in the address which node is chosen; empty for none. */
  mark(node: string): void {
    const hash = node === "" ? "" : `#${node}`;
    if (decodeURIComponent(location.hash) === hash) return;
    history.pushState({ steps: this.steps + 1 }, "", location.pathname + location.search + hash);
  }

  private followed(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("#view a[href]") : null;
    if (link === null || link.pathname !== location.pathname || link.origin !== location.origin) return;
    if (link.pathname + link.search === this.shown) return;
    event.preventDefault();
    void this.go(link.pathname + link.search).then(() => {
      if (link.hash !== "") document.querySelector(link.hash)?.scrollIntoView();
    });
  }

  private submitted(event: SubmitEvent): void {
    if (!(event.target instanceof HTMLFormElement) || event.target.id !== "filters") return;
    event.preventDefault();
    const asked = new URLSearchParams();
    new FormData(event.target).forEach((value, name) => {
      if (typeof value === "string" && value !== "") asked.append(name, value);
    });
    void this.go(location.pathname + (asked.size === 0 ? "" : `?${asked.toString()}`));
  }

  private returned(): void {
    const now = location.pathname + location.search;
    if (now === this.shown) this.moved(decodeURIComponent(location.hash.slice(1)));
    else void this.go(now + location.hash, false);
  }
}
