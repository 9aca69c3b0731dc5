// Walking a network by keyboard: from a node to the neighbour that lies in the direction of an arrow.

import type { Network } from "./contract";

const DIRECTIONS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

/**
 * Give the neighbour in the direction of a key: the nearest by distance and by angle; -1 where no
 * neighbour lies that way, and null for a key that is no arrow.
 */
export function neighbourAt(network: Network, node: number, key: string): number | null {
  const way = DIRECTIONS[key];
  if (way === undefined) return null;
  const { x, y } = network.given.nodes;
  let found = -1;
  let least = Infinity;
  for (const { other } of network.ties(node)) {
    const across = (x[other] ?? 0) - (x[node] ?? 0);
    const down = (y[other] ?? 0) - (y[node] ?? 0);
    const along = across * way[0] + down * way[1];
    const aside = Math.abs(across * way[1]) + Math.abs(down * way[0]);
    // Within 60 degrees of the arrow; what lies straight ahead comes before what lies aside.
    if (other === node || along <= 0 || aside > along * 1.75) continue;
    const cost = along + 2 * aside;
    if (cost < least) { least = cost; found = other; }
  }
  return found;
}

/** Give the node that walks begin at: the one with most neighbours. */
export function firstOf(network: Network): number {
  const { degree } = network.given.nodes;
  return degree.reduce((best, value, node) => (value > (degree[best] ?? -1) ? node : best), 0);
}
