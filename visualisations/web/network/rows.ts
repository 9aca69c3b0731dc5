// The tables beside the drawing, in step with it: what is chosen there is marked here, and back.

import { sortTables } from "../shared/tables";

/** Make the tables sortable, and let their rows choose in the drawing. */
export function bindRows(choose: (node: number) => void): void {
  sortTables();
  document.querySelector("#nodes")?.addEventListener("click", (event) => {
    const row = event.target instanceof Element ? event.target.closest("a.show")?.closest("tr") : null;
    if (row === null || row === undefined) return;
    event.preventDefault();
    choose(Number(row.dataset["n"]));
  });
}

/** Mark the rows of a node and of its links; -1 for none. */
export function markRows(node: number): void {
  const own = (name: string): string => `#tables tr[data-${name}="${node}"]`;
  document.querySelectorAll("#tables tr.chosen").forEach((row) => row.classList.remove("chosen"));
  if (node !== -1) document.querySelectorAll(["n", "s", "t"].map(own).join()).forEach((row) => row.classList.add("chosen"));
}
