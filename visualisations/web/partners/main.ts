// The page of partners: the name of who asks is suggested while it is typed, and the address of a
// question holds only what was asked.

import { make } from "../shared/elements";
import { suggest, type Suggestion } from "../shared/suggest";

const form = document.querySelector<HTMLFormElement>("#ask");
const field = document.querySelector<HTMLInputElement>("#we");

/** Ask as the organisation that was chosen. */
function askAs(asking: HTMLFormElement, typed: HTMLInputElement, item: Suggestion): void {
  const known = asking.querySelector<HTMLInputElement>("input[name=organisation]");
  const named = known ?? make("input", { type: "hidden", name: "organisation" });
  named.value = item.thing.key;
  asking.append(named);
  typed.value = "";
  asking.requestSubmit();
}

/** Leave out of the address what is empty, and weights that are as usual. */
function shorten(asking: HTMLFormElement): void {
  for (const item of asking.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select")) {
    item.disabled = item.value === "" || item.value === item.dataset["usual"];
  }
}

if (form !== null && field !== null) {
  suggest(field, { kind: "organisation", choose: (item) => { askAs(form, field, item); } });
  form.addEventListener("submit", () => { shorten(form); });
  // Going back shows the page as it was left: its fields are to be used again.
  window.addEventListener("pageshow", () => {
    for (const item of form.querySelectorAll<HTMLInputElement>("[disabled]")) item.disabled = false;
  });
}
