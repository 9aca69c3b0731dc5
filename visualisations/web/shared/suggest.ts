// Suggestions below a text field: what the words typed so far may mean, to be chosen by keyboard,
// mouse or touch. The field stays a plain one where nothing can be fetched.

import { make } from "./elements";

export interface Label {
  text: string;
  language: string;
}

export interface Suggestion {
  thing: { iri: string; key: string; kind: string; page: string; label: Label };
  found: Label;
  kind: Label;
}

interface Options {
  /** Only things of this kind. */
  kind?: string;
  /** What is done with the one that is chosen; by default its page is opened. */
  choose?: (item: Suggestion) => void;
}

const WAIT = 120; // milliseconds after the last key
const LEAST = 2; // letters
let made = 0; // lists on this page, so that each has its own name

/** Make a text field offer suggestions; it tells their number as its `data-suggestions` says it. */
export function suggest(input: HTMLInputElement, { kind, choose = open }: Options = {}): void {
  made += 1;
  const name = `suggestions-${made}`;
  const list = make("ul", { id: name, role: "listbox", class: "suggestions", hidden: true });
  list.setAttribute("aria-label", input.labels?.[0]?.textContent ?? "");
  const told = make("span", { class: "hidden", role: "status" });
  input.after(list, told);
  for (const [key, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": name,
  })) input.setAttribute(key, value);
  let items: Suggestion[] = [];
  let active = -1;
  let timer = 0;
  let asking: AbortController | null = null;

  const show = (found: Suggestion[]): void => {
    items = found;
    list.replaceChildren(...found.map((item, place) => option(item, `${name}-${place}`)));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    told.textContent = found.length > 0 ? `${input.dataset["suggestions"] ?? "Suggestions:"} ${found.length}` : "";
    mark(-1);
  };
  const mark = (place: number): void => {
    active = place;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === place)));
    const chosen = list.children[place];
    if (chosen === undefined) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    }
  };
  const take = (place: number): void => {
    const item = items[place];
    show([]);
    if (item !== undefined) choose(item);
  };
  const ask = async (): Promise<void> => {
    asking?.abort();
    const words = input.value.trim();
    if (words.length < LEAST) {
      show([]);
      return;
    }
    asking = new AbortController();
    const found = await fetchSuggestions(words, kind, asking.signal);
    if (found !== null && document.activeElement === input) show(found);
  };

  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show([]);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && items.length > 0) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One place beside the items is the field itself.
      const places = items.length + 1;
      mark(((active + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      take(active);
    }
  });
  // Before the field loses the focus, which closes the list.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = (event.target as Element).closest("li");
    if (item !== null) take([...list.children].indexOf(item));
  });
  input.addEventListener("blur", () => show([]));
}

function option(item: Suggestion, id: string): HTMLLIElement {
  const { label } = item.thing;
  const others = item.found.text === label.text ? null : make("span", {}, ` ${item.found.text}`);
  return make(
    "li", { id, role: "option", "aria-selected": "false" },
    make("bdi", label.language ? { lang: label.language } : {}, label.text), others,
    make("span", {}, ` · ${item.kind.text}`),
  );
}

/** Fetch suggestions; null where the service is away, or something else has been typed since. */
async function fetchSuggestions(words: string, kind: string | undefined, signal: AbortSignal): Promise<Suggestion[] | null> {
  const query = new URLSearchParams({ q: words, lang: document.documentElement.lang || "en" });
  if (kind !== undefined) query.set("kind", kind);
  try {
    const answer = await fetch(`/api/v1/suggest?${query.toString()}`, { signal, headers: { Accept: "application/json" } });
    return answer.ok ? ((await answer.json()) as { items: Suggestion[] }).items : [];
  } catch {
    return null;
  }
}

function open(item: Suggestion): void {
  const chosen = new URLSearchParams(location.search).get("lang");
  location.assign(item.thing.page + (chosen === null ? "" : `?${new URLSearchParams({ lang: chosen }).toString()}`));
}
