// An answer as bars: a table whose numbers are drawn beside them, so that it is read either way.

import { numberOf, numericColumns } from "./answers";
import type { Answer, Row } from "./answers";
import { choice, count, make } from "../shared/elements";
import { nameLinks } from "./labels";
import { showTerm } from "./names";
import type { Names } from "./names";

const MOST = 60; // bars that can be told from one another
const ROWS = ""; // stands for: how many rows have the value

interface Bar { label: Node; key: string; value: number }

/** Draw bars of a numeric column, or of how often each value stands in a column. */
export function drawChart(into: HTMLElement, answer: Answer, names: Names): void {
  const numeric = numericColumns(answer);
  const labels = answer.columns.filter((name) => !numeric.includes(name));
  const offered = labels.length > 0 ? labels : answer.columns;
  let label = offered.find((name) => /name|label|title|year|programme/i.test(name)) ?? offered[0] ?? "";
  let value = numeric.find((name) => /sum|total|value/i.test(name)) ?? numeric[0] ?? ROWS;
  const drawing = make("div");

  const draw = (): void => {
    const bars = value === ROWS ? counted(answer.rows, label, names) : measured(answer.rows, offered, label, value, names);
    drawing.replaceChildren(...chart(bars, label, value === ROWS ? "rows" : value));
    void nameLinks(drawing, names);
  };
  into.append(
    make(
      "div",
      { class: "tools" },
      choice("Bars of", [...numeric.map((name) => [name, name] as const), [ROWS, "the number of rows"]], value, (name) => { value = name; draw(); }),
      choice("for each", offered.map((name) => [name, name] as const), label, (name) => { label = name; draw(); }),
    ),
    drawing,
  );
  draw();
}

function counted(rows: readonly Row[], label: string, names: Names): Bar[] {
  const found = new Map<string, Bar>();
  for (const row of rows) {
    const key = row[label]?.value ?? "";
    const bar = found.get(key) ?? { label: showTerm(row[label], names), key, value: 0 };
    bar.value += 1;
    found.set(key, bar);
  }
  return [...found.values()].sort((a, b) => b.value - a.value);
}

/** Each row is a bar of its own: amounts of different kinds are never added. */
function measured(rows: readonly Row[], labels: readonly string[], label: string, value: string, names: Names): Bar[] {
  const keys = rows.map((row) => row[label]?.value ?? "");
  // Where a value stands in several rows, the other columns tell them apart.
  const others = new Set(keys).size < keys.length ? labels.filter((name) => name !== label) : [];
  const bars = rows.flatMap((row, place) => {
    const number = numberOf(row[value]);
    if (number === null) return [];
    const apart = others.map((name) => row[name]).filter((term) => term?.type === "literal" && term.value.length < 40);
    const told = make("span", {}, showTerm(row[label], names));
    if (apart.length > 0) told.append(" ", make("span", { class: "quiet" }, apart.map((term) => term?.value).join(", ")));
    return [{ label: told, key: keys[place] ?? "", value: number }];
  });
  const years = bars.every((bar) => /^-?\d{4}/.test(bar.key));
  return bars.sort((a, b) => (years ? a.key.localeCompare(b.key) : b.value - a.value));
}

function chart(bars: readonly Bar[], label: string, value: string): Node[] {
  const shown = bars.slice(0, MOST);
  const longest = Math.max(...shown.map((bar) => Math.abs(bar.value)), 0) || 1;
  const rows = shown.map((bar) => {
    const drawn = make("span", { class: bar.value < 0 ? "bar below" : "bar", "aria-hidden": "true" });
    drawn.style.width = `${(100 * Math.abs(bar.value)) / longest}%`;
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, bar.key === "" ? "no value" : bar.label),
      make("td", { class: "number" }, count(bar.value)),
      make("td", { class: "track" }, drawn),
    );
  });
  const head = make("tr", {}, make("th", { scope: "col" }, label), make("th", { scope: "col" }, value), make("td", {}));
  const told = bars.length > MOST ? `The first ${MOST} of ${count(bars.length)} bars.` : `${count(bars.length)} ${bars.length === 1 ? "bar" : "bars"}.`;
  return [
    make("p", { class: bars.length > MOST ? "notice" : "quiet", role: "status" }, told),
    make("table", { class: "chart" }, make("thead", {}, head), make("tbody", {}, ...rows)),
  ];
}
