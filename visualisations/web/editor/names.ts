// Short names of IRIs, and where a reader of this service goes from one.

import { make } from "../shared/elements";
import type { Term } from "./answers";

export interface Names {
  /** The base of the IRIs of this service, such as `https://example.org/`. */
  base: string;
  prefixes: Record<string, string>;
}

const LOCAL = /^[\w](?:[\w.-]*[\w-])?$/;

/** Write an IRI with a prefix of ours, or as kind/key where it is a thing of ours. */
export function shortName(iri: string, names: Names): string {
  const things = `${names.base}id/`;
  if (iri.startsWith(things)) return decoded(iri.slice(things.length));
  return prefixedName(iri, names) ?? iri;
}

/** Write an IRI as a prefixed name; null where none is possible. */
export function prefixedName(iri: string, names: Names): string | null {
  for (const [prefix, namespace] of Object.entries(names.prefixes)) {
    if (iri.startsWith(namespace) && LOCAL.test(iri.slice(namespace.length))) {
      return `${prefix}:${iri.slice(namespace.length)}`;
    }
  }
  return null;
}

/** Show an IRI as a link: things and terms of ours lead to their pages here. */
export function link(iri: string, names: Names, text = shortName(iri, names)): Node {
  const things = `${names.base}id/`;
  const ours = names.prefixes["sikg"] ?? "\0";
  if (iri.startsWith(things)) {
    return make("a", { href: `/page/${iri.slice(things.length)}`, title: iri }, text);
  }
  if (iri.startsWith(ours)) {
    return make("a", { href: `/ontology#${iri.slice(ours.length)}`, title: iri }, text);
  }
  if (/^https?:\/\//.test(iri)) {
    return make("a", { href: iri, rel: "external noreferrer", title: iri }, text);
  }
  return make("span", { title: iri }, text);
}

/** Show a term of an answer: IRIs as links, texts with their language, values with their type. */
export function showTerm(term: Term | undefined, names: Names): Node {
  if (term === undefined) return document.createTextNode("");
  if (term.type === "uri") return link(term.value, names);
  if (term.type === "bnode") return make("span", { class: "quiet" }, `_:${term.value}`);
  const language = term["xml:lang"];
  const text = make("span", { dir: "auto" }, term.value);
  if (language !== undefined) {
    if (language !== "und") text.lang = language;
    return make("span", {}, text, " ", make("span", { class: "tag" }, language));
  }
  const type = term.datatype === undefined ? null : shortName(term.datatype, names);
  if (type === null || type === "xsd:string") return text;
  text.title = type;
  return text;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
