// The network as the service gives it: columns, and what is computed from them once.

import { begun } from "./begun";

/** A text with its language. */
export interface Text { text: string; lang: string }

/** Years in which something begins, each with how much does; null where that is not asked. */
export type Years = readonly (readonly [year: number, number: number])[] | null;

/** A span of years, the first and the last. */
export type Span = readonly [first: number, last: number];

/** The document of `/api/v1/networks/{map}`, in so far as it is read here. */
export interface Contract {
  map: string;
  directed: boolean;
  weight: Text;
  counts: { nodes: number; links: number };
  collapsed: { by: string; asked: boolean } | null;
  kinds: { label: Text; fill: string; border: string; shape: string }[];
  nodes: {
    id: string[];
    page: (string | null)[];
    label: string[];
    lang: string[];
    short: string[];
    kind: number[];
    x: number[];
    y: number[];
    r: number[];
    degree: number[];
    size: number[];
    group: (string | null)[];
    years: Years[];
    [measure: string]: unknown;
  };
  links: {
    source: number[];
    target: number[];
    weight: number[];
    merged: number[];
    reasons: number[][];
    years: Years[];
  };
  time: { of: "nodes" | "reasons"; first: number; last: number } | null;
  reasons: { page: (string | null)[]; label: string[]; lang: string[] };
  measures: { name: string; label: string; explanation: string }[];
}

/** A link as one of its ends sees it: its number, and the node at its other end. */
export interface Tie { link: number; other: number }

/** A network that can be walked, whole or as far as it began in a span of years. */
export class Network {
  /** The links of each node, the heaviest first. */
  private readonly all: Tie[][];
  private there: { nodes: readonly boolean[]; weights: readonly number[] } | null = null;

  constructor(readonly given: Contract) {
    const { source, target, weight } = given.links;
    this.all = given.nodes.id.map(() => []);
    source.forEach((from, link) => {
      const to = target[link] ?? from;
      this.all[from]?.push({ link, other: to });
      if (to !== from) this.all[to]?.push({ link, other: from });
    });
    for (const ties of this.all) ties.sort((a, b) => (weight[b.link] ?? 0) - (weight[a.link] ?? 0));
  }

  /** The years that are kept to; null for all. */
  span: Span | null = null;

  /** Keep to what begins in a span of years; null for all. */
  keep(span: Span | null): void {
    this.span = span;
    this.there = span === null ? null : begun(this.given, span);
  }

  /** Count what is there. */
  counts(): { nodes: number; links: number } {
    const { nodes, links } = this.given;
    return {
      nodes: nodes.id.filter((_, node) => this.isThere(node)).length,
      links: links.source.filter((_, link) => this.weight(link) > 0).length,
    };
  }

  /** Tell whether a node is there in the span that is kept to. */
  isThere(node: number): boolean { return this.there?.nodes[node] ?? true; }

  /** Give the weight of a link in the span that is kept to; 0 where it is not there. */
  weight(link: number): number { return (this.there?.weights ?? this.given.links.weight)[link] ?? 0; }

  /** Give the links of a node that are there, the heaviest first. */
  ties(node: number): readonly Tie[] {
    const ties = this.all[node] ?? [];
    return this.there === null ? ties : ties.filter(({ link }) => this.weight(link) > 0);
  }

  get size(): number { return this.given.nodes.id.length; }

  name(node: number): string { return this.given.nodes.label[node] ?? ""; }

  language(node: number): string { return this.given.nodes.lang[node] ?? ""; }

  kind(node: number): Text { return this.given.kinds[this.given.nodes.kind[node] ?? 0]?.label ?? { text: "", lang: "" }; }

  id(node: number): string { return this.given.nodes.id[node] ?? ""; }

  /** Give the nodes that are at most so many steps from one. */
  around(node: number, depth: number): Set<number> {
    const found = new Set([node]);
    let edge = [node];
    for (let step = 0; step < depth; step += 1) {
      const next: number[] = [];
      for (const one of edge) {
        for (const { other } of this.ties(one)) {
          if (!found.has(other)) { found.add(other); next.push(other); }
        }
      }
      edge = next;
    }
    return found;
  }

  /** Find nodes by name: the name itself, then names that begin so, then those that hold it. */
  find(asked: string, most: number): number[] {
    const wanted = fold(asked.trim());
    if (wanted === "") return [];
    const ranked: { node: number; rank: number }[] = [];
    this.given.nodes.label.forEach((label, node) => {
      const names = [fold(label), fold(this.given.nodes.short[node] ?? "")];
      const rank = names.includes(wanted) ? 0
        : names.some((name) => name.startsWith(wanted)) ? 1
          : names.some((name) => name.includes(` ${wanted}`)) ? 2
            : names.some((name) => name.includes(wanted)) ? 3 : 4;
      if (rank < 4) ranked.push({ node, rank });
    });
    const degree = this.given.nodes.degree;
    ranked.sort((a, b) => a.rank - b.rank || (degree[b.node] ?? 0) - (degree[a.node] ?? 0));
    return ranked.slice(0, most).map(({ node }) => node);
  }
}

/** Fetch a network; an error carries what the service says. */
export async function fetchNetwork(address: string, signal: AbortSignal): Promise<Network> {
  const answer = await fetch(address, { headers: { accept: "application/json" }, signal, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  return new Network(await answer.json() as Contract);
}

/** Make a text such that accents and case do not matter. */
const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
