// The names of things, asked of the same endpoint when an answer shows only their IRIs.

import { ask } from "./answers";
import type { Names } from "./names";

const MOST = 300; // things whose names are asked at once
const known = new Map<string, string>();

/** Give the names of things of this service, as far as it has them; others are left out. */
export async function labelsOf(iris: Iterable<string>, names: Names): Promise<ReadonlyMap<string, string>> {
  const ours = [...new Set(iris)].filter((iri) => iri.startsWith(`${names.base}id/`) && !known.has(iri)).slice(0, MOST);
  if (ours.length > 0) await learn(ours);
  return known;
}

async function learn(iris: readonly string[]): Promise<void> {
  const values = iris.map((iri) => `<${iri}>`).join(" ");
  const query = "SELECT ?thing ?label { VALUES ?thing { " + values + " } "
    + "?thing <http://www.w3.org/2004/02/skos/core#prefLabel> ?label }";
  try {
    const answer = await ask(query, null, new AbortController().signal);
    const wanted = navigator.languages.map((language) => language.split("-")[0]);
    const rank = (language: string | undefined): number => {
      const place = wanted.indexOf(language?.split("-")[0]);
      if (place >= 0) return place;
      return language === "en" ? wanted.length : wanted.length + 1;
    };
    const best = new Map<string, number>();
    for (const { thing, label } of answer.rows) {
      if (thing === undefined || label === undefined) continue;
      const place = rank(label["xml:lang"]);
      if (place >= (best.get(thing.value) ?? Number.POSITIVE_INFINITY)) continue;
      best.set(thing.value, place);
      known.set(thing.value, label.value);
    }
  } catch {
    // Names are a convenience: without them the IRIs stand as they are.
  }
}

/** Write the names of things over the links to them, once they are known. */
export async function nameLinks(inside: ParentNode, names: Names): Promise<void> {
  const links = [...inside.querySelectorAll<HTMLAnchorElement>('a[href^="/page/"][title]')];
  const labels = await labelsOf(links.map((link) => link.title), names);
  for (const link of links) link.textContent = labels.get(link.title) ?? link.textContent;
}
