// Asking the endpoint that serves this page, and reading what it answers.

export interface Term {
  type: "uri" | "literal" | "bnode";
  value: string;
  "xml:lang"?: string;
  datatype?: string;
}
export type Row = Record<string, Term>;

/** An answer; a graph is a table of its statements, and a boolean a table of none. */
export interface Answer {
  kind: "solutions" | "graph" | "boolean";
  columns: string[];
  rows: Row[];
  boolean: boolean | null;
  body: string;
  type: string;
  milliseconds: number;
  /** What the service says of where it cut the answer; null if it is whole. */
  cut: string | null;
}

/** A problem that the service told (RFC 9457), or that lay on the way to it. */
export class Problem extends Error {
  constructor(
    readonly title: string,
    detail: string,
    readonly address: string | null = null,
    readonly line: number | null = null,
  ) {
    super(detail);
  }
}

const RESULTS = "application/sparql-results+json";
const GRAPH = "application/n-triples";
const PARTIAL = 206;

/** Ask a query; Problem if it fails, and an AbortError if `signal` ends it. */
export async function ask(query: string, release: string | null, signal: AbortSignal): Promise<Answer> {
  const began = performance.now();
  const address = release === null ? "/sparql" : `/sparql?release=${encodeURIComponent(release)}`;
  let response: Response;
  let body: string;
  try {
    response = await fetch(address, {
      method: "POST",
      headers: { Accept: `${RESULTS}, ${GRAPH};q=0.9`, "Content-Type": "application/sparql-query" },
      body: query,
      signal,
    });
    body = await response.text();
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Problem("The service cannot be reached", "No answer came; the query is kept, ask again.");
  }
  if (!response.ok) throw problem(response, body);
  const type = response.headers.get("Content-Type") ?? "";
  const cut = response.status === PARTIAL ? cutOf(response.headers.get("SIKG-Cut") ?? "") : null;
  const read = type.startsWith(RESULTS) ? readResults(body) : readStatements(body);
  return { ...read, body, type, milliseconds: performance.now() - began, cut };
}

/** Say in words where an answer was cut: `rows=1000; limit=result_rows`. */
function cutOf(told: string): string {
  const parts = /rows=(\d+)\s*;\s*limit=(\w+)/.exec(told);
  if (parts === null) return "by the service";
  return `after ${Number(parts[1]).toLocaleString("en")} rows, by the limit ${parts[2] ?? ""} of this service`;
}

function problem(response: Response, body: string): Problem {
  try {
    const told = JSON.parse(body) as Partial<Record<string, unknown>>;
    return new Problem(
      String(told.title ?? response.statusText),
      String(told.detail ?? ""),
      typeof told.type === "string" ? told.type : null,
      typeof told.line === "number" ? told.line : null,
    );
  } catch {
    return new Problem(`The service answered ${response.status}`, body.slice(0, 500));
  }
}

type Read = Pick<Answer, "kind" | "columns" | "rows" | "boolean">;

function readResults(body: string): Read {
  const told = JSON.parse(body) as {
    head: { vars?: string[] };
    results?: { bindings: Row[] };
    boolean?: boolean;
  };
  if (typeof told.boolean === "boolean") {
    return { kind: "boolean", columns: [], rows: [], boolean: told.boolean };
  }
  const rows = told.results?.bindings ?? [];
  return { kind: "solutions", columns: told.head.vars ?? [], rows, boolean: null };
}

const STATEMENT = /^(<[^>]*>|_:\S+) <([^>]*)> (.*) \.$/;
const LITERAL = /^"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?$/s;
const ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/gs;
const PLAIN: Record<string, string> = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

/** Read N-Triples as the service writes them: one statement a line. */
export function readStatements(body: string): Read {
  const rows: Row[] = [];
  for (const line of body.split("\n")) {
    const parts = STATEMENT.exec(line);
    if (parts === null) continue;
    rows.push({
      subject: term(parts[1] ?? ""),
      predicate: { type: "uri", value: unescape(parts[2] ?? "") },
      object: term(parts[3] ?? ""),
    });
  }
  return { kind: "graph", columns: ["subject", "predicate", "object"], rows, boolean: null };
}

function term(text: string): Term {
  if (text.startsWith("<")) return { type: "uri", value: unescape(text.slice(1, -1)) };
  if (text.startsWith("_:")) return { type: "bnode", value: text.slice(2) };
  const parts = LITERAL.exec(text);
  const found: Term = { type: "literal", value: unescape(parts?.[1] ?? text) };
  if (parts?.[2] !== undefined) found["xml:lang"] = parts[2];
  if (parts?.[3] !== undefined) found.datatype = parts[3];
  return found;
}

function unescape(text: string): string {
  return text.replace(ESCAPE, (_, short?: string, long?: string, plain?: string) => (
    plain === undefined
      ? String.fromCodePoint(Number.parseInt(short ?? long ?? "", 16))
      : PLAIN[plain] ?? plain
  ));
}

const NUMBERS = /^http:\/\/www\.w3\.org\/2001\/XMLSchema#(?:integer|decimal|double|float|long|int|short|byte|(?:positive|negative|nonNegative|nonPositive)Integer|unsigned\w+)$/;

/** Give the number that a term is; null if it is none. */
export function numberOf(term: Term | undefined): number | null {
  if (term === undefined || term.datatype === undefined || !NUMBERS.test(term.datatype)) return null;
  const value = Number(term.value);
  return Number.isFinite(value) ? value : null;
}

/** Name the columns whose values, where there are any, are all numbers. */
export function numericColumns(answer: Answer): string[] {
  return answer.columns.filter((name) => {
    const given = answer.rows.map((row) => row[name]).filter((item) => item !== undefined);
    return given.length > 0 && given.every((item) => numberOf(item) !== null);
  });
}
