// The tables beside the drawing, in step with it: what is chosen there is marked here, and back.

import { button } from "../shared/elements";
import { sortTables } from "../shared/tables";
import type { Network } from "./contract";
import { say } from "./words";

/** Make the tables sortable, and let their rows choose in the drawing. */
export function bindRows(network: Network, choose: (node: number) => void): void {
  sortTables();
  document.querySelectorAll<HTMLTableRowElement>("#nodes tbody tr[data-n]").forEach((row) => {
    const node = Number(row.dataset["n"]);
    const show = button(say("show"), () => choose(node), {
      class: "plain", "aria-label": `${say("show")}: ${network.name(node)}`,
    });
    row.cells[row.cells.length - 1]?.prepend(show, " · ");
  });
}

/** Mark the rows of a node and of its links; -1 for none. */
export function markRows(node: number): void {
  document.querySelectorAll<HTMLTableRowElement>("tr[data-n], tr[data-s]").forEach((row) => {
    const { n, s, t } = row.dataset;
    row.classList.toggle("chosen", node !== -1 && [n, s, t].includes(String(node)));
  });
}
