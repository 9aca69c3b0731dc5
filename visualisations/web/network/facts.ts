// Facts and sources that the panel tells: fetched when they are asked for.

import { make } from "../shared/elements";
import type { Network, Text } from "./contract";
import { count, say, spoken } from "./words";

const MOST = 8; // properties of a node that the panel tells; its page has all
const VALUES = 4; // values of one

interface Thing { label: Text & { language?: string }; page: string | null }
interface Value { thing: Thing | null; text: string | null; language: string | null }
interface Receipt { title: string | null; file: string | null; number: number | null; page: string | null; row?: string | null }
interface Facts {
  properties: { label: { text: string; language: string }; values: Value[] }[];
  receipts: Record<string, Receipt>;
}

/** Give the facts of a node and the rows that they come from; `page` is the address of its page. */
export async function factsOf(page: string, signal: AbortSignal): Promise<Node | null> {
  const facts = await read<Facts>(page.replace(/^\/page\//, "/api/v1/"), signal);
  if (facts === null) return null;
  const items = facts.properties.slice(0, MOST).flatMap(({ label, values }) => [
    make("dt", {}, make("span", { lang: label.language }, label.text)),
    make("dd", {}, ...values.slice(0, VALUES).flatMap((value, nth) => [nth === 0 ? null : "; ", told(value)]),
      values.length > VALUES ? ` ${say("more", { number: count(values.length - VALUES) })}` : null),
  ]);
  const rows = Object.values(facts.receipts).filter(({ page: of }) => of !== null);
  return make(
    "section",
    {},
    make("h4", {}, say("facts")),
    make("dl", { class: "measures" }, ...items),
    rows.length === 0 ? null : make("details", {}, make("summary", {}, say("sources", { number: count(rows.length) })), make("ul", {}, ...rows.map(receipt))),
  );
}

interface Why { reasons: { label: Text; page: string | null; rows: Row[] }[] }
interface Row { page: string | null; file: string | null; number: number | null; title: string | null }

/** Give the rows that state why two nodes are linked. */
export async function sourcesOf(network: Network, link: number, signal: AbortSignal): Promise<Node | null> {
  const { links, map } = network.given;
  const asked = new URLSearchParams({
    from: network.id(links.source[link] ?? 0), to: network.id(links.target[link] ?? 0),
  });
  const why = await read<Why>(`/api/v1/networks/${map}/why?${asked.toString()}`, signal);
  if (why === null) return null;
  const items = why.reasons.map(({ label, rows }) => make(
    "li", {}, make("span", { lang: label.lang }, label.text), make("ul", {}, ...rows.map(receipt)),
  ));
  return make("section", {}, make("h4", {}, say("rows")), make("ul", {}, ...items));
}

async function read<Kind>(address: string, signal: AbortSignal): Promise<Kind | null> {
  const answer = await fetch(address, { headers: { accept: "application/json" }, signal });
  return answer.ok ? await answer.json() as Kind : null;
}

function told({ thing, text, language }: Value): Node {
  if (thing === null) return spoken(text ?? "", language ?? "");
  const name = spoken(thing.label.text, thing.label.language ?? "");
  return thing.page === null ? name : make("a", { href: thing.page }, name);
}

function receipt({ title, file, number, page }: Receipt | Row): HTMLLIElement {
  const text = `${title ?? file ?? ""}${number === null ? "" : `, ${say("row", { number: count(number) })}`}`;
  return make("li", {}, page === null ? text : make("a", { href: page }, text));
}
