// The SVG of the server, made to move: the same marks and lines, with names placed anew.

import { draw } from "../shared/elements";
import { Camera } from "./camera";
import type { Look } from "./camera";
import type { Network } from "./contract";
import type { Drawing, Told } from "./drawing";
import { listen } from "./gestures";
import { place } from "./lettering";
import type { Spot } from "./lettering";

const FINE = 10; // pixels from a mark at which a mouse means it
const COARSE = 22; // the same for a finger
const NEAR = 5; // pixels from a line at which it is meant
const SETTLE = 90; // milliseconds after a movement until names are placed anew
const DEEPEST = 60; // times the first size
const EAGER = 0.02; // part of the marks that are seen, whose names may cover others
const READABLE = [10.5, 16] as const; // pixels between which names of the server may stay

export class SvgDrawing implements Drawing {
  private readonly camera: Camera;
  private readonly first: { width: number; height: number };
  private readonly plane: { left: number; top: number; unit: number };
  private readonly marks = new Map<number, SVGGElement>();
  private readonly order: number[];
  private readonly over = draw("g", { class: "over", "aria-hidden": "true" });
  private readonly names = draw("g", { class: "names live", "aria-hidden": "true" });
  private readonly stop = new AbortController();
  private timer = 0;
  private drawn = 0;
  private chosen = -1;
  private pointed = -1;
  private among: ReadonlySet<number> | null = null;

  constructor(
    private readonly svg: SVGSVGElement, private readonly network: Network, private readonly told: Told,
  ) {
    const box = svg.viewBox.baseVal;
    this.first = { width: box.width, height: box.height };
    const read = (name: string): number => Number(svg.dataset[name] ?? 0);
    this.plane = { left: read("left"), top: read("top"), unit: read("unit") || 1 };
    svg.style.aspectRatio = `${box.width} / ${box.height}`;
    svg.querySelectorAll<SVGGElement>(".marks [data-n]").forEach((mark) => this.marks.set(Number(mark.dataset["n"]), mark));
    // In the order of the document, marks of one look stand together: the largest come first here.
    const { r, degree } = network.given.nodes;
    this.order = network.given.nodes.id.map((_, node) => node)
      .sort((a, b) => (r[b] ?? 0) - (r[a] ?? 0) || (degree[b] ?? 0) - (degree[a] ?? 0) || a - b);
    svg.append(this.over, this.names);
    this.camera = new Camera(this.everything(), (settled) => this.show(settled));
    listen(svg, {
      pan: (across, down) => this.pan(across, down),
      zoom: (factor, x, y) => this.zoomAt(factor, x, y),
      settle: () => this.settle(),
      point: (x, y) => { cancelAnimationFrame(this.drawn); this.drawn = requestAnimationFrame(() => this.pointAt(x, y)); },
      leave: () => this.point(-1),
      click: (x, y, _, coarse) => this.clicked(x, y, coarse ? COARSE : FINE),
    }, this.stop.signal);
    this.resized();
  }

  bringOut(node: number, among: ReadonlySet<number> | null): void {
    this.chosen = node;
    this.among = among;
    this.pointed = -1;
    this.svg.classList.toggle("faded", node !== -1);
    this.paintOver();
    this.letter();
  }

  point(node: number): void {
    if (node === this.pointed) return;
    this.pointed = node;
    this.svg.classList.toggle("pointing", node !== -1);
    this.paintOver();
    this.told.pointed(node);
  }

  flyTo(node: number): void {
    const { scale } = this.camera.look;
    const [x, y] = this.at(node);
    const covered = this.covered();
    const enough = this.everything().scale * Math.min(Math.max(Math.sqrt(this.network.size) / 12, 1), 6);
    const next = Math.max(scale, enough);
    this.camera.fly({ x: x + covered / 2 / next, y, scale: next });
  }

  zoom(factor: number): void {
    const { x, y, scale } = this.camera.look;
    this.camera.fly({ x, y, scale: this.limited(scale * factor) });
  }

  whole(): void { this.camera.fly(this.everything()); }

  resized(): void { this.camera.set(this.everything()); }

  close(): void { this.stop.abort(); clearTimeout(this.timer); }

  private get screen(): { width: number; height: number } {
    return { width: this.svg.clientWidth || 1, height: this.svg.clientHeight || 1 };
  }

  /** Give how many pixels the panel covers, where it lies over the drawing. */
  private covered(): number {
    const panel = document.querySelector<HTMLElement>("#panel:not([hidden])");
    return panel !== null && getComputedStyle(panel).position === "absolute" ? panel.offsetWidth : 0;
  }

  private everything(): Look {
    const { width, height } = this.screen;
    const scale = Math.min(width / this.first.width, height / this.first.height);
    return { x: this.first.width / 2, y: this.first.height / 2, scale };
  }

  private limited(scale: number): number {
    const first = this.everything().scale;
    return Math.min(Math.max(scale, first * 0.5), first * DEEPEST);
  }

  private at(node: number): [number, number] {
    const { x, y } = this.network.given.nodes;
    const { left, top, unit } = this.plane;
    return [((x[node] ?? 0) - left) / unit, ((y[node] ?? 0) - top) / unit];
  }

  private onScreen(node: number): { x: number; y: number; radius: number } {
    const { x, y, scale } = this.camera.look;
    const { width, height } = this.screen;
    const [across, down] = this.at(node);
    const radius = ((this.network.given.nodes.r[node] ?? 0) / this.plane.unit) * scale;
    return { x: (across - x) * scale + width / 2, y: (down - y) * scale + height / 2, radius };
  }

  private show(settled: boolean): void {
    const { x, y, scale } = this.camera.look;
    const { width, height } = this.screen;
    const box = [x - width / scale / 2, y - height / scale / 2, width / scale, height / scale];
    this.svg.setAttribute("viewBox", box.map((value) => value.toFixed(2)).join(" "));
    if (settled) this.settle();
  }

  private settle(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.letter(), SETTLE);
  }

  private pan(across: number, down: number): void {
    const { x, y, scale } = this.camera.look;
    this.camera.set({ x: x - across / scale, y: y - down / scale }, false);
  }

  private zoomAt(factor: number, x: number, y: number): void {
    const { look } = this.camera;
    const { width, height } = this.screen;
    const scale = this.limited(look.scale * factor);
    // What is under the pointer stays under it.
    const shift = 1 / look.scale - 1 / scale;
    this.camera.set({ x: look.x + (x - width / 2) * shift, y: look.y + (y - height / 2) * shift, scale }, false);
  }

  private nearest(x: number, y: number, reach: number): number {
    let found = -1;
    let least = Infinity;
    this.order.forEach((node) => {
      const at = this.onScreen(node);
      const distance = Math.hypot(at.x - x, at.y - y) - at.radius;
      if (distance < least && distance < reach) { least = distance; found = node; }
    });
    return found;
  }

  private nearestLink(x: number, y: number): number {
    const { source, target } = this.network.given.links;
    let found = -1;
    let least = NEAR;
    source.forEach((from, link) => {
      const a = this.onScreen(from);
      const b = this.onScreen(target[link] ?? from);
      const length = (b.x - a.x) ** 2 + (b.y - a.y) ** 2 || 1;
      const share = Math.min(Math.max(((x - a.x) * (b.x - a.x) + (y - a.y) * (b.y - a.y)) / length, 0), 1);
      const distance = Math.hypot(a.x + share * (b.x - a.x) - x, a.y + share * (b.y - a.y) - y);
      if (distance < least) { least = distance; found = link; }
    });
    return found;
  }

  private pointAt(x: number, y: number): void {
    this.point(this.nearest(x, y, FINE));
    this.svg.classList.toggle("over-link", this.pointed === -1 && this.nearestLink(x, y) !== -1);
  }

  private clicked(x: number, y: number, reach: number): void {
    const node = this.nearest(x, y, reach);
    const link = node === -1 ? this.nearestLink(x, y) : -1;
    if (link === -1) this.told.chosen(node);
    else this.told.chosenLink(link);
  }

  /** Draw what is brought out over what is faded: marks once more, and their lines. */
  private paintOver(): void {
    const parts: SVGElement[] = [];
    for (const node of [this.chosen, this.pointed]) {
      if (node === -1) continue;
      const seen = node === this.chosen && this.among !== null ? this.among : this.network.around(node, 1);
      parts.push(this.linesOf(node, seen), ...[...seen].flatMap((one) => this.copyOf(one)), this.ringOf(node));
    }
    this.over.replaceChildren(...parts);
  }

  private linesOf(node: number, seen: ReadonlySet<number>): SVGPathElement {
    const { source, target } = this.network.given.links;
    const links = seen.size > this.network.around(node, 1).size
      ? source.flatMap((from, link) => (seen.has(from) && seen.has(target[link] ?? from) ? [link] : []))
      : (this.network.ties[node] ?? []).map(({ link }) => link);
    const d = links.map((link) => `M${this.at(source[link] ?? 0).join(" ")}L${this.at(target[link] ?? 0).join(" ")}`);
    return draw("path", { d: d.join(""), class: "ties" });
  }

  private copyOf(node: number): SVGElement[] {
    const mark = this.marks.get(node);
    const group = mark?.parentElement;
    if (mark === undefined || group === null || group === undefined) return [];
    const copy = mark.cloneNode(true) as SVGElement;
    copy.removeAttribute("data-n");
    const look = { fill: group.getAttribute("fill") ?? "", stroke: group.getAttribute("stroke") ?? "" };
    return [draw("g", { ...look, "stroke-width": 1.2 }, copy)];
  }

  private ringOf(node: number): SVGCircleElement {
    const [cx, cy] = this.at(node);
    const r = (this.network.given.nodes.r[node] ?? 0) / this.plane.unit;
    return draw("circle", { cx, cy, r: r * 1.35 + 2.5 / this.camera.look.scale, class: "ring" });
  }

  /** Place the names for what is seen now; those of the server stay while they can be read. */
  private letter(): void {
    const { scale } = this.camera.look;
    const letter = 12.5 * scale;
    const untouched = Math.abs(scale - this.everything().scale) < 1e-6 && this.chosen === -1;
    const served = untouched && letter >= READABLE[0] && letter <= READABLE[1] && window.innerWidth > 704;
    this.svg.classList.toggle("lettered", !served);
    if (served) { this.names.replaceChildren(); return; }
    const seen: Spot[] = [];
    const screen = this.screen;
    for (const node of this.order) {
      const at = this.onScreen(node);
      if (at.x > 0 && at.x < screen.width && at.y > 0 && at.y < screen.height) {
        seen.push({ node, ...at, text: this.network.given.nodes.short[node] ?? "" });
      }
    }
    const first = this.chosen === -1 ? seen : this.namesAround(seen);
    const eager = new Set(seen.slice(0, Math.min(Math.max(3, seen.length * EAGER), 20)).map(({ node }) => node));
    if (this.chosen !== -1) eager.add(this.chosen);
    // What is faded may be covered; what the panel covers cannot be read.
    const free = { width: screen.width - this.covered(), height: screen.height };
    const written = place(first, this.chosen === -1 ? seen : first, free, eager);
    const { x, y } = this.camera.look;
    const texts = written.map((name) => draw("text", {
      x: (name.x - screen.width / 2) / scale + x,
      y: (name.y - screen.height / 2) / scale + y,
      lang: this.network.language(name.node),
    }, name.text));
    this.names.setAttribute("font-size", String(12.5 / scale));
    this.names.setAttribute("stroke-width", String(3.5 / scale));
    this.names.replaceChildren(...texts);
  }

  /** Only the chosen node and what is brought out with it are named, the chosen one first. */
  private namesAround(seen: readonly Spot[]): Spot[] {
    const near = this.among ?? this.network.around(this.chosen, 1);
    const rank = (spot: Spot): number => (spot.node === this.chosen ? 0 : 1);
    return seen.filter(({ node }) => near.has(node))
      .map((spot) => (spot.node === this.chosen ? { ...spot, radius: spot.radius * 1.35 + 4 } : spot))
      .sort((a, b) => rank(a) - rank(b));
  }
}
