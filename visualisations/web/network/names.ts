// The names of what is seen, placed anew whenever the reader has come to rest.

import { draw } from "../shared/elements";
import type { Look } from "./camera";
import type { Network } from "./contract";
import { place } from "./lettering";
import type { Spot } from "./lettering";
import type { Places } from "./picking";

const EAGER = 0.02; // part of the marks that are seen, whose names may cover others
const LETTER = 12.5; // height of a letter in pixels
const READABLE = [10.5, 16] as const; // pixels between which names of the server may stay
const WIDE = 704; // pixels of a screen from which those names are the ones that it placed for it

/** What is looked at: the look, the size of the screen, and how much of it the panel covers. */
export interface Sight { look: Look; width: number; height: number; covered: number }

/** Tell whether the names that the server placed can be read at a scale. */
export function readable(scale: number): boolean {
  const letter = LETTER * scale;
  return letter >= READABLE[0] && letter <= READABLE[1] && window.innerWidth > WIDE;
}

/** Names of marks, drawn in the pixels of the drawing. */
export class Names {
  readonly element = draw("g", { class: "names live", "aria-hidden": "true" });
  private readonly order: number[];

  constructor(private readonly network: Network, private readonly places: Places) {
    // In the order of the document, marks of one look stand together: the largest come first here.
    const { r, degree } = network.given.nodes;
    this.order = network.given.nodes.id.map((_, node) => node)
      .sort((a, b) => (r[b] ?? 0) - (r[a] ?? 0) || (degree[b] ?? 0) - (degree[a] ?? 0) || a - b);
  }

  clear(): void { this.element.replaceChildren(); }

  /** Name what is seen; where a node is chosen, only it and `near`, the chosen one first. */
  write(sight: Sight, chosen: number, near: ReadonlySet<number>): void {
    const { look: { x, y, scale }, width, height, covered } = sight;
    const seen = this.seen(sight);
    const first = chosen === -1 ? seen : around(seen, chosen, near);
    const eager = new Set(seen.slice(0, Math.min(Math.max(3, seen.length * EAGER), 20)).map(({ node }) => node));
    if (chosen !== -1) eager.add(chosen);
    // What is faded may be covered; what the panel covers cannot be read.
    const marks = chosen === -1 ? seen : first;
    const texts = place(first, marks, { width: width - covered, height }, eager).map((name) => draw("text", {
      x: (name.x - width / 2) / scale + x,
      y: (name.y - height / 2) / scale + y,
      lang: this.network.language(name.node),
    }, name.text));
    this.element.setAttribute("font-size", String(LETTER / scale));
    this.element.setAttribute("stroke-width", String(3.5 / scale));
    this.element.replaceChildren(...texts);
  }

  private seen({ look, width, height }: Sight): Spot[] {
    const found: Spot[] = [];
    for (const node of this.order) {
      const x = ((this.places.x[node] ?? 0) - look.x) * look.scale + width / 2;
      const y = ((this.places.y[node] ?? 0) - look.y) * look.scale + height / 2;
      if (x <= 0 || x >= width || y <= 0 || y >= height || !this.network.isThere(node)) continue;
      const radius = (this.places.radius[node] ?? 0) * look.scale;
      found.push({ node, x, y, radius, text: this.network.given.nodes.short[node] ?? "" });
    }
    return found;
  }
}

function around(seen: readonly Spot[], chosen: number, near: ReadonlySet<number>): Spot[] {
  const rank = (spot: Spot): number => (spot.node === chosen ? 0 : 1);
  return seen.filter(({ node }) => near.has(node))
    .map((spot) => (spot.node === chosen ? { ...spot, radius: spot.radius * 1.35 + 4 } : spot))
    .sort((a, b) => rank(a) - rank(b));
}
