// Completion of classes and properties from the vocabulary of the service itself.

import Yasqe from "@zazuko/yasqe";
import { count } from "../shared/elements";
import { prefixedName } from "./names";
import type { Names } from "./names";

/** A class or property as `/api/v1/vocabulary` describes it. */
export interface VocabularyTerm {
  name: string;
  iri: string;
  label: string;
  definition: string | null;
  count: number | null;
}

export interface Vocabulary {
  prefixes: Record<string, string>;
  classes: VocabularyTerm[];
  properties: VocabularyTerm[];
}

const MOST = 60;
type Config = (typeof Yasqe.Autocompleters)[string];

/** Register the completers, and name them for the configuration of an editor. */
export function registerCompleters(names: Names): (vocabulary: Vocabulary) => void {
  let known: Vocabulary = { prefixes: names.prefixes, classes: [], properties: [] };
  register("class", "sikg-classes", names, () => known.classes);
  register("property", "sikg-properties", names, () => known.properties);
  Yasqe.forkAutocompleter("prefixes", {
    name: "sikg-prefixes",
    persistenceId: () => "",
    // It would declare prefixes while one writes, and open its list anew; asking declares them.
    onInitialize: () => undefined,
    get: () => Object.entries(names.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`).sort(),
  }, false);
  return (vocabulary) => { known = vocabulary; };
}

export const COMPLETERS = ["variables", "sikg-prefixes", "sikg-classes", "sikg-properties"];

function register(of: string, name: string, names: Names, terms: () => VocabularyTerm[]): void {
  const config: Partial<Config> = {
    isValidCompletionPosition: (yasqe) => {
      const { before, word } = wordAt(yasqe);
      if (/^[?$]/.test(word) || /PREFIX\s+$/i.test(before)) return false;
      return CLASS.test(before) === (of === "class");
    },
    // Its grammar divides words that begin as a keyword does; what is completed is the whole.
    preProcessToken: (yasqe, token) => {
      const { line, start, end, word } = wordAt(yasqe);
      return { ...token, string: word, start, end, from: { line, ch: start }, to: { line, ch: end } };
    },
    // What was typed is compared with names, labels and IRIs alike.
    get: (_, token) => {
      const typed = (token?.string ?? "").replace(/^</, "").toLowerCase();
      return terms()
        .filter((term) => [term.name, term.label, term.iri].some((text) => text.toLowerCase().includes(typed)))
        .sort((a, b) => rank(a, typed) - rank(b, typed) || (b.count ?? 0) - (a.count ?? 0))
        .slice(0, MOST)
        .map((term) => term.iri);
    },
    postProcessSuggestion: (_yasqe, _token, iri) => prefixedName(iri, names) ?? `<${iri}>`,
    postprocessHints: (_yasqe, hints) => hints.map((hint) => {
      const term = terms().find((item) => item.name === hint.text || `<${item.iri}>` === hint.text);
      const told = term === undefined ? "" : ` – ${term.label}${term.count === null ? "" : ` (${count(term.count)})`}`;
      return { ...hint, displayText: `${hint.text ?? ""}${told}` };
    }),
    bulk: false,
  };
  Yasqe.forkAutocompleter(of, { ...config, name }, false);
}

// After these a class is meant.
const CLASS = /(?:^|[\s;{])(?:a|rdf:type|rdfs:subClassOf|rdfs:domain|rdfs:range)\s+$/;

/** Give the word that ends at the cursor, where it stands, and what is before it. */
function wordAt(yasqe: Yasqe): { line: number; start: number; end: number; word: string; before: string } {
  const { line, ch } = yasqe.getDoc().getCursor();
  const text = yasqe.getDoc().getLine(line).slice(0, ch);
  const word = /[^\s;,.(){}|/^!*+"']*$/.exec(/<[^>\s]*$/.test(text) ? text.slice(text.lastIndexOf("<")).replace(/[^<]/g, "x") : text)?.[0] ?? "";
  const start = ch - word.length;
  const before = yasqe.getDoc().getRange({ line: Math.max(line - 3, 0), ch: 0 }, { line, ch: start });
  return { line, start, end: ch, word: text.slice(start), before };
}

/** What begins with what was typed comes first, by name and then by label; ours before others. */
function rank(term: VocabularyTerm, typed: string): number {
  const foreign = term.name.startsWith("sikg:") ? 0 : 1;
  if (term.name.toLowerCase().startsWith(typed)) return foreign;
  return (term.label.toLowerCase().startsWith(typed) ? 2 : 4) + foreign;
}

/** Declare the prefixes of ours that a query uses and does not declare. */
export function withPrefixes(query: string, declared: Record<string, string>, names: Names): string {
  const code = query.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>\s]*>|#.*$/gm, " ");
  const used = new Set([...code.matchAll(/(?<![\w?$-])([A-Za-z][\w-]*):/g)].map((match) => match[1] ?? ""));
  const missing = Object.entries(names.prefixes)
    .filter(([prefix]) => used.has(prefix) && declared[prefix] === undefined);
  if (missing.length === 0) return query;
  return `${missing.map(([prefix, iri]) => `PREFIX ${prefix}: <${iri}>`).join("\n")}\n${query}`;
}
