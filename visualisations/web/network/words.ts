// The words of the page in the reader's language: the page carries them, the scripts fill them in.

import { find } from "../shared/elements";

const given = JSON.parse(find("#network-words").textContent ?? "{}") as Record<string, string>;

/** Say something by its name in the page; `%(name)s` stands for what is given. */
export function say(name: string, values: Record<string, string | number> = {}): string {
  return (given[name] ?? name).replace(/%\((\w+)\)s/g, (_, key: string) => String(values[key] ?? ""));
}

/** Write a number for the reader. */
export const count = (value: number): string => value.toLocaleString(document.documentElement.lang || "en");

const live = find("#network-live");

/** Let screen readers say something. */
export function announce(text: string): void { live.textContent = text; }
