// The SVG of the server, made to move: the same marks and lines, with names placed anew.

import { draw, find } from "../shared/elements";
import { Camera } from "./camera";
import type { Look } from "./camera";
import type { Network, Span } from "./contract";
import type { Drawing, Told } from "./drawing";
import { listen } from "./gestures";
import { arrowsOf, lineOf, linesOf } from "./lines";
import { Names, readable } from "./names";
import { Places } from "./picking";

const FINE = 10; // pixels from a mark at which a mouse means it
const COARSE = 22; // the same for a finger
const NEAR = 5; // pixels from a line at which it is meant
const SETTLE = 90; // milliseconds after a movement until the drawing is made anew for where it is
const DEEPEST = 60; // times the first size

export class SvgDrawing implements Drawing {
  private readonly camera: Camera;
  private readonly sheet: HTMLElement;
  private readonly above: SVGSVGElement;
  private readonly first: { width: number; height: number };
  private readonly served: string;
  private readonly servedOf: Span | null;
  private readonly marks = new Map<number, SVGGElement>();
  private readonly places: Places;
  private readonly names: Names;
  private readonly over = draw("g", { class: "over", "stroke-width": 1.2, "aria-hidden": "true" });
  private readonly stop = new AbortController();
  private painted: Look;
  private screen = { width: 1, height: 1 };
  private timer = 0;
  private drawn = 0;
  private next = 0;
  private then = 0;
  private chosen = -1;
  private pointed = -1;

  constructor(
    private readonly svg: SVGSVGElement, private readonly network: Network, private readonly told: Told,
  ) {
    this.sheet = svg.parentElement as HTMLElement;
    this.above = find<SVGSVGElement>("svg.network-names", this.sheet);
    const box = svg.viewBox.baseVal;
    svg.style.aspectRatio = `${box.width} / ${box.height}`;
    this.first = { width: box.width, height: box.height };
    this.servedOf = network.span;
    this.served = svg.getAttribute("viewBox") ?? "";
    const read = (name: string): number => Number(svg.dataset[name] ?? 0);
    this.places = new Places(network, { left: read("left"), top: read("top"), unit: read("unit") || 1 });
    this.names = new Names(network, this.places);
    svg.querySelectorAll<SVGGElement>(".marks [data-n]").forEach((mark) => this.marks.set(Number(mark.dataset["n"]), mark));
    this.above.append(this.over, this.names.element);
    this.measure();
    this.painted = this.everything();
    this.camera = new Camera(this.painted, (settled) => this.show(settled));
    listen(this.sheet.parentElement ?? this.sheet, {
      pan: (across, down) => this.pan(across, down),
      zoom: (factor, x, y) => this.zoomAt(factor, x, y),
      settle: () => this.settle(),
      point: (x, y) => { cancelAnimationFrame(this.drawn); this.drawn = requestAnimationFrame(() => this.pointAt(x, y)); },
      leave: () => { cancelAnimationFrame(this.drawn); this.point(-1); },
      click: (x, y, _, coarse) => this.clicked(x, y, coarse ? COARSE : FINE),
    }, this.stop.signal);
    this.settle();
  }

  bringOut(node: number): void {
    this.chosen = node;
    this.pointed = -1;
    this.sheet.classList.toggle("faded", node !== -1);
    this.paintOver();
    this.above.classList.add("lettered");
    this.names.clear();
    this.soon(() => this.letter());
  }

  point(node: number): void {
    if (node === this.pointed) return;
    this.pointed = node;
    this.entitle(node);
    this.paintOver();
    this.told.pointed(node);
  }

  renewed(): void {
    this.svg.querySelector(".lines")?.replaceChildren(...linesOf(this.network, this.places));
    this.svg.querySelector(".arrows")?.setAttribute("d", arrowsOf(this.network, this.places));
    this.marks.forEach((mark, node) => mark.classList.toggle("off", !this.network.isThere(node)));
    this.paintOver();
    this.letter();
  }

  flyTo(node: number): void {
    const { scale } = this.camera.look;
    const enough = this.everything().scale * Math.min(Math.max(Math.sqrt(this.network.size) / 12, 1), 6);
    const next = Math.max(scale, enough);
    const [x, y] = [this.places.x[node] ?? 0, this.places.y[node] ?? 0];
    this.camera.fly({ x: x + this.covered() / 2 / next, y, scale: next });
  }

  zoom(factor: number): void {
    const { x, y, scale } = this.camera.look;
    this.camera.fly({ x, y, scale: this.limited(scale * factor) });
  }

  whole(): void { this.camera.fly(this.everything()); }

  resized(): void {
    this.measure();
    this.setBox(this.served);
    this.painted = this.everything();
    this.camera.set(this.painted);
  }

  close(): void {
    this.stop.abort();
    cancelAnimationFrame(this.next);
    clearTimeout(this.then);
    clearTimeout(this.timer);
  }

  private measure(): void {
    this.screen = { width: this.svg.clientWidth || 1, height: this.svg.clientHeight || 1 };
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

  /** Move the drawing as it is painted, which costs nothing; it is painted anew at rest. */
  private show(settled: boolean): void {
    const { x, y, scale } = this.camera.look;
    const by = scale / this.painted.scale;
    const [across, down] = [(this.painted.x - x) * scale, (this.painted.y - y) * scale];
    const still = by === 1 && across === 0 && down === 0;
    this.sheet.style.transform = still ? "" : `translate(${across.toFixed(2)}px, ${down.toFixed(2)}px) scale(${by.toFixed(5)})`;
    this.sheet.classList.add("moving");
    if (settled) this.settle();
  }

  private settle(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.paint();
      this.sheet.classList.remove("moving");
      this.letter();
    }, SETTLE);
  }

  private paint(): void {
    const { look, look: { x, y, scale } } = this.camera;
    const { width, height } = this.screen;
    const near = Math.hypot(x - this.painted.x, y - this.painted.y) * scale < width / 2;
    if (near && scale === this.painted.scale) return;
    const all = this.everything();
    const whole = x === all.x && y === all.y && scale === all.scale;
    const box = [x - width / scale / 2, y - height / scale / 2, width / scale, height / scale];
    this.setBox(whole ? this.served : box.map((value) => value.toFixed(2)).join(" "));
    this.painted = look;
    this.show(false);
  }

  private setBox(box: string): void {
    for (const svg of [this.svg, this.above]) svg.setAttribute("viewBox", box);
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

  /** Give what lies at a point of the screen: a mark, else a line; -1 for none. */
  private under(x: number, y: number, reach: number): { node: number; link: number } {
    const { look } = this.camera;
    const [across, down] = [(x - this.screen.width / 2) / look.scale + look.x, (y - this.screen.height / 2) / look.scale + look.y];
    const node = this.places.mark(across, down, reach / look.scale);
    return { node, link: node === -1 ? this.places.line(across, down, NEAR / look.scale) : -1 };
  }

  private pointAt(x: number, y: number): void {
    const { node, link } = this.under(x, y, FINE);
    this.point(node);
    this.svg.classList.toggle("over-link", link !== -1);
  }

  private clicked(x: number, y: number, reach: number): void {
    const { node, link } = this.under(x, y, reach);
    if (link === -1) this.told.chosen(node);
    else this.told.chosenLink(link);
  }

  /** Draw what is brought out over what is faded: marks once more, and their lines. */
  private paintOver(): void {
    const parts = [...new Set([this.chosen, this.pointed])].filter((node) => node !== -1).flatMap((node) => [
      draw("path", { d: this.network.ties(node).map(({ link }) => lineOf(this.network, this.places, link)).join(""), class: "ties" }),
      ...[...this.network.around(node, 1)].flatMap((one) => this.copyOf(one)),
      this.ringOf(node),
    ]);
    this.over.replaceChildren(...parts);
  }

  /** Let the browser say the name of a mark, which the service leaves out where there are many. */
  private entitle(node: number): void {
    const mark = this.marks.get(node);
    if (mark !== undefined && mark.querySelector("title") === null) mark.append(draw("title", {}, this.network.name(node)));
  }

  private copyOf(node: number): Element[] {
    const mark = this.marks.get(node);
    const shape = mark?.querySelector("circle, path");
    if (mark === undefined || shape === null || shape === undefined) return [];
    const copy = shape.cloneNode() as Element;
    for (const name of ["fill", "stroke"]) copy.setAttribute(name, mark.parentElement?.getAttribute(name) ?? "");
    return [copy];
  }

  private ringOf(node: number): SVGCircleElement {
    const [cx, cy] = [this.places.x[node] ?? 0, this.places.y[node] ?? 0];
    const r = (this.places.radius[node] ?? 0) * 1.35 + 2.5 / this.camera.look.scale;
    return draw("circle", { cx, cy, r, class: "ring" });
  }

  /** Do something once what has changed is painted: names need the places of everything else. */
  private soon(act: () => void): void {
    cancelAnimationFrame(this.next);
    clearTimeout(this.then);
    this.next = requestAnimationFrame(() => { this.then = window.setTimeout(act); });
  }

  /** Place the names for what is seen now; those of the server stay while they can be read. */
  private letter(): void {
    const { look } = this.camera;
    const untouched = this.painted.scale === this.everything().scale && this.chosen === -1 && this.network.span === this.servedOf;
    const served = untouched && readable(look.scale);
    this.above.classList.toggle("lettered", !served);
    if (served) { this.names.clear(); return; }
    const near = this.chosen === -1 ? new Set<number>() : this.network.around(this.chosen, 1);
    this.names.write({ look, ...this.screen, covered: this.covered() }, this.chosen, near);
  }
}
