// The questions of the catalogue, as the page lists them: searched, and opened in the editor.

import { make } from "../shared/elements";

/** Lets the reader search the list, and opens a question without leaving the page. */
export class Examples {
  private readonly items: HTMLLIElement[];
  private readonly told = make("span", { role: "status", class: "quiet" });

  constructor(list: HTMLElement, open: (title: string, query: string) => void) {
    this.items = [...list.querySelectorAll("li")];
    const search = make("input", { type: "search", autocomplete: "off" });
    search.addEventListener("input", () => this.narrow(search.value));
    list.before(make("p", {}, make("label", {}, "Search questions ", search), " ", this.told));
    list.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-query]") : null;
      const query = link === null ? null : new URL(link.href).searchParams.get("query");
      // A click that asks for another window or tab of the browser is left to it.
      if (link === null || query === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(link.textContent ?? "", query);
    });
  }

  private narrow(words: string): void {
    const wanted = words.trim().toLocaleLowerCase().split(/\s+/);
    let found = 0;
    for (const item of this.items) {
      const text = `${item.textContent ?? ""} ${item.dataset["about"] ?? ""}`.toLocaleLowerCase();
      item.hidden = !wanted.every((word) => text.includes(word));
      if (!item.hidden) found += 1;
    }
    this.told.textContent = words.trim() === "" ? "" : `${found} found`;
  }
}
