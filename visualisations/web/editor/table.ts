// An answer as a table that can be sorted, searched and paged through.

import { numberOf, numericColumns } from "./answers";
import type { Answer, Row } from "./answers";
import { button, count, make } from "../shared/elements";
import { nameLinks } from "./labels";
import { showTerm } from "./names";
import type { Names } from "./names";

const PAGE = 100;

interface State { sorted: string | null; falling: boolean; words: string; page: number }

/** Draw the rows of an answer; only one page of them is in the document. */
export function drawTable(into: HTMLElement, answer: Answer, names: Names): void {
  const state: State = { sorted: null, falling: false, words: "", page: 0 };
  const numeric = new Set(numericColumns(answer));
  const search = make("input", { type: "search", size: 20 });
  const where = make("span", { role: "status" });
  const heads = make("tr");
  const body = make("tbody");
  const before = button("Previous rows", () => { state.page -= 1; draw(); });
  const after = button("Next rows", () => { state.page += 1; draw(); });
  search.addEventListener("input", () => { state.words = search.value; state.page = 0; draw(); });

  const sortBy = (name: string): void => {
    state.falling = state.sorted === name ? !state.falling : numeric.has(name);
    state.sorted = name;
    state.page = 0;
    draw();
  };
  for (const name of answer.columns) {
    heads.append(make("th", { scope: "col", "data-column": name }, button(name, () => sortBy(name))));
  }

  function draw(): void {
    const rows = ordered(matching(answer, state.words), state, numeric);
    const first = state.page * PAGE;
    const shown = rows.slice(first, first + PAGE);
    body.replaceChildren(...shown.map((row) => make("tr", {}, ...answer.columns.map((name) => (
      make("td", numeric.has(name) ? { class: "number" } : {}, showTerm(row[name], names))
    )))));
    void nameLinks(body, names);
    for (const head of heads.children) {
      if (head.getAttribute("data-column") === state.sorted) {
        head.setAttribute("aria-sort", state.falling ? "descending" : "ascending");
      } else head.removeAttribute("aria-sort");
    }
    before.disabled = first === 0;
    after.disabled = first + PAGE >= rows.length;
    where.textContent = rows.length === 0
      ? "No rows."
      : `Rows ${count(first + 1)} to ${count(first + shown.length)} of ${count(rows.length)}.`;
  }

  const paged = answer.rows.length > PAGE;
  into.append(
    make("div", { class: "tools" }, make("label", {}, "Only rows with ", search), where, paged ? before : null, paged ? after : null),
    make(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "Answer as a table" },
      make("table", {}, make("thead", {}, heads), body),
    ),
  );
  draw();
}

function matching(answer: Answer, words: string): Row[] {
  const wanted = words.trim().toLocaleLowerCase();
  if (wanted === "") return answer.rows;
  return answer.rows.filter((row) => answer.columns.some((name) => (
    row[name]?.value.toLocaleLowerCase().includes(wanted) ?? false
  )));
}

/** Sort by one column; what has no value comes last either way. */
function ordered(rows: Row[], state: State, numeric: ReadonlySet<string>): Row[] {
  const name = state.sorted;
  if (name === null) return rows;
  const sign = state.falling ? -1 : 1;
  const texts = new Intl.Collator("en", { numeric: true });
  return [...rows].sort((left, right) => {
    const [a, b] = [left[name], right[name]];
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    if (numeric.has(name)) return sign * ((numberOf(a) ?? 0) - (numberOf(b) ?? 0));
    return sign * texts.compare(a.value, b.value);
  });
}
