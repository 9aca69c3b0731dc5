// Two sliders for a period of years, beside the list of periods that a form has without scripts.

import { make } from "./elements";

const RANGE = /^(\d{4})(?:-(\d{4}))?$/;

/**
 * Put sliders for the first and the last year behind a list of periods.
 *
 * The list says by data-first and data-last which years there are, and by data-from, data-to and
 * data-any what the sliders are called. `changed` is told when a slider has been let go.
 */
export function periodSlider(list: HTMLSelectElement, changed: () => void): void {
  const [least, most] = [Number(list.dataset.first), Number(list.dataset.last)];
  if (!(least < most)) return;
  const [from, fromLabel] = slider(least, most, list.dataset.from ?? "from");
  const [to, toLabel] = slider(least, most, list.dataset.to ?? "to");
  const both = make("div", { class: "sliders", role: "group", "aria-labelledby": `${list.id}-name` }, fromLabel, toLabel);
  const name = list.labels[0];
  if (name !== undefined) name.id = `${list.id}-name`;
  list.after(both);

  const follow = (): void => {
    const found = RANGE.exec(list.value);
    set(from, found ? Number(found[1]) : least);
    set(to, found ? Number(found[2] ?? found[1]) : most);
  };
  const write = (moved: HTMLInputElement): void => {
    // The slider that is moved takes the other along, so that the first year is never after the last.
    if (Number(from.value) > Number(to.value)) set(moved === from ? to : from, Number(moved.value));
    const [first, last] = [Number(from.value), Number(to.value)];
    const all = first === least && last === most;
    choose(list, all ? "" : first === last ? String(first) : `${first}-${last}`);
  };
  for (const one of [from, to]) {
    one.addEventListener("input", () => {
      set(one, Number(one.value));
      write(one);
    });
    one.addEventListener("change", changed);
  }
  list.addEventListener("change", follow);
  follow();
}

function slider(least: number, most: number, name: string): [HTMLInputElement, HTMLLabelElement] {
  const made = make("input", { type: "range", min: least, max: most, step: 1 });
  const shown = make("output", {});
  return [made, make("label", {}, make("span", {}, name), made, shown)];
}

function set(slider: HTMLInputElement, year: number): void {
  slider.value = String(year);
  const shown = slider.parentElement?.querySelector("output");
  if (shown) shown.textContent = slider.value;
}

/** Choose a value of a list, which is added where it is not in it. */
function choose(list: HTMLSelectElement, value: string): void {
  if (![...list.options].some((option) => option.value === value)) list.append(make("option", { value }, value));
  list.value = value;
}
