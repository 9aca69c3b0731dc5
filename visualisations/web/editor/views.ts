// The ways in which an answer can be shown. Those that need more code are loaded when chosen.

import type { Answer } from "./answers";
import { make } from "../shared/elements";
import type { Names } from "./names";
import { drawTable } from "./table";

export interface View {
  name: string;
  label: string;
  /** Say why an answer cannot be shown in this way; null if it can. */
  refusal(answer: Answer, names: Names): string | null;
  draw(into: HTMLElement, answer: Answer, names: Names): Promise<void> | void;
}

const SHOWN = 100_000; // characters of an answer as it came

function drawRaw(into: HTMLElement, answer: Answer): void {
  const text = answer.body.slice(0, SHOWN);
  if (text.length < answer.body.length) {
    into.append(make("p", { class: "notice" }, "Only the beginning is shown here; the downloads above hold all."));
  }
  into.append(make("pre", { tabindex: 0, "aria-label": "The answer as it came" }, make("code", {}, text)));
}

const isTable = (answer: Answer): string | null => (
  answer.kind === "boolean" ? "the answer is yes or no" : answer.rows.length === 0 ? "there are no rows" : null
);

const places = (answer: Answer): string | null => isTable(answer);

function links(answer: Answer): string | null {
  const table = isTable(answer);
  if (table !== null) return table;
  const named = answer.columns.filter((name) => answer.rows.some((row) => row[name]?.type !== "literal" && row[name] !== undefined));
  return named.length < 2 ? "a network needs two columns of things" : null;
}

export const VIEWS: readonly View[] = [
  { name: "table", label: "Table", refusal: (answer) => (answer.kind === "boolean" ? "the answer is yes or no" : null), draw: drawTable },
  { name: "chart", label: "Chart", refusal: isTable, draw: async (...given) => (await import("./chart")).drawChart(...given) },
  { name: "map", label: "Map", refusal: places, draw: async (...given) => (await import("./map")).drawMap(...given) },
  { name: "network", label: "Network", refusal: links, draw: async (...given) => (await import("./network")).drawNetwork(...given) },
  { name: "raw", label: "As it came", refusal: () => null, draw: drawRaw },
];
