// Tables whose heads sort their rows: by click and by keyboard, told to screen readers by aria-sort.

import "./tables.css";
import { button } from "./elements";

const texts = new Intl.Collator(document.documentElement.lang || "en", { numeric: true, sensitivity: "base" });

/**
 * Let the heads of a table sort the rows of its first body.
 *
 * A cell is sorted by its `data-value`, where it has one, else by its text; cells of a column whose
 * head has the class `number` as numbers, largest first at the first click. What has no value stands
 * last either way, and rows that are equal keep their order. A head of the class `unsorted` stays as
 * it is; links in a head, which sort on the server, give way to the button.
 */
export function sortable(table: HTMLTableElement): void {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  heads.forEach((head, column) => {
    if (head.classList.contains("unsorted") || head.querySelector("button.sort") !== null) return;
    const label = head.querySelector("a")?.textContent ?? head.textContent ?? "";
    head.replaceChildren(button(label.trim(), () => sort(table, heads, column), { class: "sort" }));
  });
}

/** Let all tables of the class `sortable` within a part of the page be sorted. */
export function sortTables(inside: ParentNode = document): void {
  inside.querySelectorAll<HTMLTableElement>("table.sortable").forEach(sortable);
}

function sort(table: HTMLTableElement, heads: readonly HTMLTableCellElement[], column: number): void {
  const head = heads[column];
  const body = table.tBodies[0];
  if (head === undefined || body === undefined) return;
  const numeric = head.classList.contains("number");
  const now = head.getAttribute("aria-sort");
  const falling = now === null ? numeric : now === "ascending";
  const sign = falling ? -1 : 1;
  const keyed = [...body.rows].map((row) => ({ row, key: keyOf(row.cells[column], numeric) }));
  keyed.sort(({ key: a }, { key: b }) => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === "number" && typeof b === "number") return sign * (a - b);
    return sign * texts.compare(String(a), String(b));
  });
  for (const other of heads) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", falling ? "descending" : "ascending");
  body.append(...keyed.map(({ row }) => row));
}

/** Give what a cell is sorted by; null where it has no value. */
function keyOf(cell: HTMLTableCellElement | undefined, numeric: boolean): string | number | null {
  const text = (cell?.dataset["value"] ?? cell?.textContent ?? "").trim();
  if (text === "") return null;
  if (!numeric) return text;
  // Written for readers: thousands apart by commas or spaces of any width, a minus sign of print.
  const read = Number.parseFloat(text.replace(/[\s,]/g, "").replace("−", "-"));
  return Number.isNaN(read) ? null : read;
}
