// The words of the page in the reader's language: the page carries them, the scripts fill them in.

import { find, make } from "../shared/elements";

const given = JSON.parse(find("#network-words").textContent ?? "{}") as Record<string, string>;

/** Say something by its name in the page; `%(name)s` stands for what is given. */
export function say(name: string, values: Record<string, string | number> = {}): string {
  return (given[name] ?? name).replace(/%\((\w+)\)s/g, (_, key: string) => String(values[key] ?? ""));
}

const formats = new Map<number, Intl.NumberFormat>();

/** Write a number for the reader, with so many digits behind the point. */
export function count(value: number, digits = 0): string {
  let format = formats.get(digits);
  if (format === undefined) {
    const lang = document.documentElement.lang || "en";
    format = new Intl.NumberFormat(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(digits, format);
  }
  return format.format(value);
}

const TRANSLATED = /^([a-z]+)\b.*?-t-(.*)$/i;

/** Give a text with its language; a translation says by whom (BCP 47, RFC 6497: field t0), from which. */
export function spoken(text: string, lang: string): HTMLElement {
  const written = make("span", { lang, dir: "auto" }, text);
  const [, language, from] = TRANSLATED.exec(lang) ?? [];
  if (language === undefined || from === undefined) return written;
  const by = say(/\bt0\b/i.test(from) ? "machine" : "translated");
  const source = from.split(/(?:^|-)[a-z][0-9](?:-|$)/i)[0];
  const note = source === "" ? by : `${by} (${source} → ${language})`;
  return make("span", {}, written, " ", make("span", { class: "tag" }, note));
}

const live = find("#network-live");

/** Let screen readers say something. */
export function announce(text: string): void { live.textContent = text; }
