// What lies under a pointer: found by geometry, so that no element has to listen.

import type { Network } from "./contract";

/** How the plane of a network became pixels of its drawing: the corner, and units a pixel. */
export interface Plane { left: number; top: number; unit: number }

/** The marks and lines of a drawing in its own pixels. */
export class Places {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly radius: Float64Array;

  constructor(private readonly network: Network, { left, top, unit }: Plane) {
    const { nodes } = network.given;
    this.x = Float64Array.from(nodes.x, (x) => (x - left) / unit);
    this.y = Float64Array.from(nodes.y, (y) => (y - top) / unit);
    this.radius = Float64Array.from(nodes.r, (r) => r / unit);
  }

  /** Give the mark that is nearest to a point, by its edge and within a reach; -1 for none. */
  mark(x: number, y: number, reach: number): number {
    let found = -1;
    let least = reach;
    for (let node = 0; node < this.x.length; node += 1) {
      const distance = Math.hypot(this.of(this.x, node) - x, this.of(this.y, node) - y) - this.of(this.radius, node);
      if (distance < least && this.network.isThere(node)) { least = distance; found = node; }
    }
    return found;
  }

  /** Give the line that is nearest to a point within a reach; -1 for none. */
  line(x: number, y: number, reach: number): number {
    const { source, target } = this.network.given.links;
    let found = -1;
    let least = reach;
    for (let link = 0; link < source.length; link += 1) {
      const distance = this.toLine(source[link] ?? 0, target[link] ?? 0, x, y);
      if (distance < least && this.network.weight(link) > 0) { least = distance; found = link; }
    }
    return found;
  }

  private toLine(from: number, to: number, x: number, y: number): number {
    const [fromX, fromY] = [this.of(this.x, from), this.of(this.y, from)];
    const [across, down] = [this.of(this.x, to) - fromX, this.of(this.y, to) - fromY];
    const length = across * across + down * down || 1;
    const share = Math.min(Math.max(((x - fromX) * across + (y - fromY) * down) / length, 0), 1);
    return Math.hypot(fromX + share * across - x, fromY + share * down - y);
  }

  private of(values: Float64Array, at: number): number { return values[at] ?? 0; }
}
