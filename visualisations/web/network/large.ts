// Networks that are too large for SVG to move smoothly, drawn by the graphics processor.

import Graph from "graphology";
import Sigma from "sigma";
import type { Network } from "./contract";
import type { Drawing, Told } from "./drawing";
import { MarkProgram } from "./shapes";
import type { Mark } from "./shapes";

const FAINT = "#e3e7ec";
const LINE = "#8590a2";
const CROWD = 4000; // lines from which they are drawn fainter
const INK = "#1b2430";
const RING = "#8a3b00";
const FLIGHT = 260; // milliseconds
interface Look {
  x: number; y: number; size: number; color: string; mark: Mark; label: string; zIndex: number; highlighted: boolean; hidden: boolean;
}

/** The look of a node as the legend has it, and its radius. */
export type Looks = (node: number) => Mark & { radius: number };

export class LargeDrawing implements Drawing {
  private readonly graph = new Graph({ multi: true, type: "undirected" });
  private readonly sigma: Sigma;
  private readonly still = window.matchMedia("(prefers-reduced-motion: reduce)");
  private seen: ReadonlySet<number> | null = null;
  private chosen = -1;
  private pointed = -1;

  constructor(stage: HTMLElement, private readonly network: Network, looks: Looks, told: Told) {
    const { nodes, links } = network.given;
    nodes.id.forEach((_, node) => {
      const { radius, ...mark } = looks(node);
      const [x, y] = [nodes.x[node] ?? 0, -(nodes.y[node] ?? 0)];
      this.graph.addNode(String(node), { x, y, size: radius, color: mark.fill, mark, label: nodes.short[node] ?? "" });
    });
    // Many lines on one another would hide the marks.
    const color = LINE + (links.source.length > CROWD ? "38" : "99");
    links.source.forEach((from, link) => this.graph.addEdgeWithKey(String(link), String(from), String(links.target[link] ?? from), {
      size: 0.5 + Math.min(Math.log2(Math.max(links.weight[link] ?? 1, 1)), 5) * 0.8, color,
    }));
    const place = stage.appendChild(document.createElement("div"));
    place.className = "large";
    this.sigma = new Sigma(this.graph, place, {
      itemSizesReference: "positions",
      zoomToSizeRatioFunction: (ratio) => ratio,
      enableEdgeEvents: true,
      zIndex: true,
      defaultNodeType: "mark",
      nodeProgramClasses: { mark: MarkProgram },
      labelFont: getComputedStyle(document.body).fontFamily,
      labelSize: 12.5,
      labelColor: { color: INK },
      labelRenderedSizeThreshold: 0.5,
      labelGridCellSize: 140,
      hideEdgesOnMove: network.given.links.source.length > 20_000,
      nodeReducer: (node, data) => this.nodeLook(Number(node), data as Look),
      edgeReducer: (link, data) => this.linkLook(Number(link), data as { color: string }),
    });
    // The page scrolls past its drawing: the wheel zooms with Ctrl, or where the drawing is all.
    place.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey && document.fullscreenElement === null) event.stopPropagation();
    }, { capture: true });
    this.sigma.on("enterNode", ({ node }) => { this.point(Number(node)); told.pointed(Number(node)); });
    this.sigma.on("leaveNode", () => { this.point(-1); told.pointed(-1); });
    this.sigma.on("clickNode", ({ node }) => told.chosen(Number(node)));
    this.sigma.on("clickEdge", ({ edge }) => told.chosenLink(Number(edge)));
    this.sigma.on("clickStage", () => told.chosen(-1));
  }

  bringOut(node: number): void {
    this.chosen = node;
    this.seen = node === -1 ? null : this.network.around(node, 1);
    this.sigma.refresh({ skipIndexation: true });
  }

  renewed(): void { this.bringOut(this.chosen); }

  point(node: number): void {
    this.pointed = node;
    this.sigma.scheduleRefresh();
  }

  flyTo(node: number): void {
    const at = this.sigma.getNodeDisplayData(String(node));
    if (at === undefined) return;
    const camera = this.sigma.getCamera();
    this.move({ x: at.x, y: at.y, ratio: Math.min(camera.ratio, 0.3) });
  }

  zoom(factor: number): void { this.move({ ratio: this.sigma.getCamera().ratio / factor }); }

  whole(): void { this.move({ x: 0.5, y: 0.5, ratio: 1 }); }

  resized(): void { this.sigma.resize(); this.sigma.refresh(); }

  close(): void { this.sigma.kill(); }

  private move(to: { x?: number; y?: number; ratio?: number }): void {
    const camera = this.sigma.getCamera();
    if (this.still.matches) camera.setState({ ...camera.getState(), ...to });
    else void camera.animate(to, { duration: FLIGHT });
  }

  private nodeLook(node: number, data: Look): Partial<Look> {
    if (!this.network.isThere(node)) return faint(data);
    if (node === this.chosen || node === this.pointed) return { ...data, highlighted: true, zIndex: 2 };
    if (this.seen === null) return data;
    return this.seen.has(node) ? { ...data, zIndex: 1 } : faint(data);
  }

  private linkLook(link: number, data: { color: string }): { color: string; zIndex?: number; hidden?: boolean } {
    if (this.network.weight(link) <= 0) return { ...data, hidden: true };
    const { source, target } = this.network.given.links;
    const own = [source[link], target[link]].some((end) => end === this.chosen || end === this.pointed);
    if (own) return { ...data, color: this.chosen === -1 ? INK : RING, zIndex: 1 };
    return this.seen === null ? data : { ...data, color: FAINT };
  }
}

const faint = (data: Look): Look => ({ ...data, color: FAINT, mark: { ...data.mark, border: FAINT }, label: "", zIndex: 0 });
