// Lines of a network: all of one width as one path, as the server draws them.

import { draw } from "../shared/elements";
import type { Network } from "./contract";
import type { Places } from "./picking";

const [THIN, THINNER, STEP, STEPS] = [0.9, 0.5, 0.8, 6]; // pixels, and how many widths there are
const ARROW = 7; // length of an arrow in pixels
const CROWD = 800; // lines from which they are drawn thinner

/** Draw the lines that are there, in the pixels of the drawing. */
export function linesOf(network: Network, places: Places): SVGPathElement[] {
  const { source } = network.given.links;
  const paths = new Map<number, string[]>();
  const thin = source.length > CROWD ? THINNER : THIN;
  source.forEach((_, link) => {
    const weight = network.weight(link);
    if (weight <= 0) return;
    const width = thin + Math.min(Math.floor(Math.log2(Math.max(weight, 1))), STEPS - 1) * STEP;
    const drawn = paths.get(width);
    const line = lineOf(network, places, link);
    if (drawn === undefined) paths.set(width, [line]);
    else drawn.push(line);
  });
  return [...paths].sort(([a], [b]) => a - b).map(([width, lines]) => draw("path", { d: lines.join(""), "stroke-width": width }));
}

/** Write the heads of arrows before the marks that lines lead to, as the data of one path. */
export function arrowsOf(network: Network, { x, y, radius }: Places): string {
  const { source, target } = network.given.links;
  return source.map((from, link) => {
    const to = target[link] ?? from;
    if (from === to || network.weight(link) <= 0) return "";
    const [across, down] = [(x[to] ?? 0) - (x[from] ?? 0), (y[to] ?? 0) - (y[from] ?? 0)];
    const length = Math.hypot(across, down) || 1;
    const [a, b] = [across / length, down / length];
    const gap = (radius[to] ?? 0) * 1.15;
    const [tipX, tipY] = [(x[to] ?? 0) - a * gap, (y[to] ?? 0) - b * gap];
    const [backX, backY, half] = [tipX - a * ARROW, tipY - b * ARROW, ARROW * 0.38];
    const left = `${write(backX - b * half)} ${write(backY + a * half)}`;
    return `M${write(tipX)} ${write(tipY)}L${left}L${write(backX + b * half)} ${write(backY - a * half)}Z`;
  }).join("");
}

/** Write one line as the data of a path. */
export function lineOf({ given: { links } }: Network, { x, y }: Places, link: number): string {
  const [from, to] = [links.source[link] ?? 0, links.target[link] ?? 0];
  return `M${write(x[from])} ${write(y[from])}L${write(x[to])} ${write(y[to])}`;
}

const write = (value = 0): string => value.toFixed(1);
