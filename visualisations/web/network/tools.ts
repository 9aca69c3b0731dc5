// The tools above the drawing: find a node, change the size, undo, fill the screen.

import { button, make } from "../shared/elements";
import type { Network } from "./contract";
import { announce, say } from "./words";

const SUGGESTED = 12; // names that the field proposes

/** What the tools can ask for. */
export interface Tasks {
  choose(node: number): void;
  zoom(factor: number): void;
  whole(): void;
  undo(): void;
  fill(): void;
}

/** Fill the bar of tools. */
export function showTools(bar: HTMLElement, network: Network, tasks: Tasks): void {
  const names = make("datalist", { id: "network-names" });
  const field = make("input", { id: "network-find", type: "search", list: names.id, autocomplete: "off", spellcheck: "false", size: 24 });
  field.addEventListener("input", () => {
    names.replaceChildren(...network.find(field.value, SUGGESTED).map((node) => make("option", { value: network.name(node) })));
  });
  const form = make(
    "form",
    { role: "search", "aria-label": say("find") },
    make("label", { for: field.id }, say("find")),
    field,
    names,
    make("button", { type: "submit" }, say("go")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const found = network.find(field.value, 1)[0];
    if (found === undefined) announce(said(say("nobody", { name: field.value })));
    else { status.textContent = ""; tasks.choose(found); }
  });
  const status = make("span", { class: "quiet", id: "network-status" });
  const said = (text: string): string => { status.textContent = text; return text; };
  bar.replaceChildren(
    form,
    make(
      "span",
      { role: "group", "aria-label": say("size") },
      button("+", () => tasks.zoom(1.5), { "aria-label": say("closer") }),
      button("−", () => tasks.zoom(1 / 1.5), { "aria-label": say("farther") }),
      button(say("whole"), () => tasks.whole()),
    ),
    button(say("undo"), () => tasks.undo(), { id: "network-undo" }),
    document.fullscreenEnabled ? button(say("fill"), () => tasks.fill()) : "",
    status,
  );
  bar.hidden = false;
}
