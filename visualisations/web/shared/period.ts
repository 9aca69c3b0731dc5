// Two sliders for a period of years, beside the list of periods that a form has without scripts,
// and a button that plays year after year.

import { make } from "./elements";
import { player } from "./playing";

const RANGE = /^(\d{4})(?:-(\d{4}))?$/;

/**
 * Put sliders for the first and the last year behind a list of periods.
 *
 * The list says by data-first and data-last which years there are, and by data-from, data-to,
 * data-play, data-stop and data-next what the sliders and the button are called. `changed` shows
 * another period, and is told whether it is one that is played.
 */
export function periodSlider(list: HTMLSelectElement, changed: (played: boolean) => Promise<void>): void {
  const [least, most] = [Number(list.dataset.first), Number(list.dataset.last)];
  if (!(least < most)) return;
  const [from, fromLabel] = slider(least, most, list.dataset.from ?? "from");
  const [to, toLabel] = slider(least, most, list.dataset.to ?? "to");
  const years = player(
    [least, most],
    { play: list.dataset.play ?? "", stop: list.dataset.stop ?? "", next: list.dataset.next ?? "" },
    () => (from.value === to.value ? Number(from.value) : null),
    (year) => {
      set(from, year);
      set(to, year);
      choose(list, String(year));
      return changed(true);
    },
  );
  const both = make(
    "div",
    { class: "sliders", role: "group", "aria-labelledby": `${list.id}-name` },
    fromLabel,
    toLabel,
    years.button,
  );
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
      years.stop();
      set(one, Number(one.value));
      write(one);
    });
    one.addEventListener("change", () => void changed(false));
  }
  list.addEventListener("change", () => {
    years.stop();
    follow();
  });
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
