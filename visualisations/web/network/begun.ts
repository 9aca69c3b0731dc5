// What of a network began in a span of years: by the rule of the filter for periods.

import type { Contract, Span, Years } from "./contract";

/** Tell which nodes are there, and what each link weighs; 0 for one that is not there. */
export function begun(given: Contract, span: Span): { nodes: boolean[]; weights: number[] } {
  const { nodes, links, time } = given;
  const own = nodes.id.map((_, node) => within(nodes.years[node] ?? null, span));
  const byNodes = time?.of === "nodes";
  const weights = links.source.map((from, link) => {
    const share = within(links.years[link] ?? null, span) ?? 1;
    const ends = [from, links.target[link] ?? from];
    const open = !byNodes || ends.every((end) => own[end] !== 0);
    return open ? (links.weight[link] ?? 0) * share : 0;
  });
  const linked = new Set<number>();
  weights.forEach((weight, link) => {
    if (weight > 0) linked.add(links.source[link] ?? 0).add(links.target[link] ?? 0);
  });
  const there = own.map((share, node) => (byNodes && share !== null ? share > 0 : linked.has(node) || (share ?? 0) > 0));
  return { nodes: there, weights };
}

/** Give the part of what begins that begins in a span; null where that is not asked. */
function within(years: Years, [first, last]: Span): number | null {
  if (years === null) return null;
  let [all, some] = [0, 0];
  for (const [year, number] of years) {
    all += number;
    if (year >= first && year <= last) some += number;
  }
  return all === 0 ? 0 : some / all;
}
