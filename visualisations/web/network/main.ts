// The page of a network: drawing, panel, tools and tables, tied together.
//
// Without this script the page shows the same drawing and the same tables, and every choice of its
// form is a link; everything here is added to it.

import { find } from "../shared/elements";
import { sortTables } from "../shared/tables";
import { fetchNetwork } from "./contract";
import type { Network } from "./contract";
import type { Drawing, Told } from "./drawing";
import type { Looks } from "./large";
import { Panel } from "./panel";
import { hasProcessor } from "./processor";
import { bindRows, markRows } from "./rows";
import type { Mark } from "./shapes";
import { SvgDrawing } from "./svg";
import { showTools } from "./tools";
import { Visits } from "./visits";
import { Years } from "./years";
import { firstOf, neighbourAt } from "./walking";
import { announce, count, say } from "./words";

const SMOOTH = 2000; // nodes up to which SVG moves smoothly
const LATER = 400; // milliseconds in which the reader may begin before more is asked of the machine
const UNKNOWN: Mark = { shape: "dot", fill: "#bbbbbb", border: "#444444" };

class Explorer {
  private readonly visits = new Visits(() => void this.start(), () => this.around(), (id) => this.follow(id));
  private network: Network | null = null;
  private drawing: Drawing | null = null;
  private panel: Panel | null = null;
  private years: Years | null = null;
  private loading = new AbortController();
  private chosen = -1;
  private waysFrom = "";

  constructor() {
    document.addEventListener("fullscreenchange", () => requestAnimationFrame(() => this.drawing?.resized()));
    window.addEventListener("resize", () => this.drawing?.resized());
    void this.start();
  }

  /** Bring the view that the page shows to life. */
  private async start(): Promise<void> {
    this.loading.abort();
    this.drawing?.close();
    this.years?.close();
    [this.network, this.drawing, this.panel, this.chosen] = [null, null, null, -1];
    const figure = document.querySelector<HTMLElement>("#network");
    if (figure === null) { sortTables(); return; }
    const loading = new AbortController();
    this.loading = loading;
    try {
      const network = await fetchNetwork(figure.dataset["document"] ?? "", loading.signal);
      if (!loading.signal.aborted) this.show(figure, network);
    } catch {
      if (!loading.signal.aborted) { sortTables(); announce(say("gone")); }
    }
  }

  private show(figure: HTMLElement, network: Network): void {
    this.network = network;
    this.panel = new Panel(network, {
      choose: (node) => { this.choose(node); this.panel?.focus(); },
      leave: () => { this.choose(-1); find<HTMLElement>("#stage").focus(); },
      around: (node, depth) => void this.visits.change({ centre: network.id(node), depth: String(depth), from: null, to: null }),
      wayFrom: (node) => this.begin(node),
      open: (node) => void this.open(node),
    });
    // Before there is a drawing, since the service has drawn the years that its page is of.
    if (document.querySelector("#years") !== null) this.years = this.sliding(network);
    const stage = find<HTMLElement>("#stage", figure);
    const told = {
      pointed: (node: number) => markRows(node === -1 ? this.chosen : node),
      chosen: (node: number) => this.choose(node),
      chosenLink: (link: number) => { this.choose(-1); this.panel?.tellLink(link); },
    };
    this.drawing = new SvgDrawing(find("svg.network-drawing", stage), network, told);
    showTools(find<HTMLElement>("#network-tools"), network, {
      choose: (node) => { this.choose(node, true); this.panel?.focus(); },
      zoom: (factor) => this.drawing?.zoom(factor),
      whole: () => this.drawing?.whole(),
      undo: () => { if (this.visits.steps > 0) history.back(); else announce(say("nothing-undone")); },
      fill: () => void (document.fullscreenElement === null ? find("#view").requestFullscreen() : document.exitFullscreen()),
    });
    this.around();
    this.listen(stage);
    figure.dataset["state"] = "ready";
    this.follow(decodeURIComponent(location.hash.slice(1)));
    if (network.size > SMOOTH) void this.quicken(stage, network, told);
  }

  /** Bring the tables to life. */
  private around(): void {
    if (this.network === null) return;
    bindRows((node) => { this.choose(node, true); this.panel?.focus(); });
    markRows(this.chosen);
  }

  /** Keep the drawing to some years; the page around it follows. */
  private sliding(network: Network): Years {
    return new Years({
      keep: (span) => {
        network.keep(span);
        this.drawing?.renewed();
        if (this.chosen !== -1) this.panel?.tellNode(this.chosen);
        if (span === null) return "";
        const { nodes, links } = network.counts();
        const years = span[0] === span[1] ? String(span[0]) : `${span[0]}–${span[1]}`;
        return say("then", { years, nodes: count(nodes), links: count(links) });
      },
      follow: (years) => void this.visits.follow({ years: years === "" ? null : years, "nodes-from": null, "links-from": null }),
    });
  }

  /** Let a graphics processor draw many nodes, where there is one, once the page answers. */
  private async quicken(stage: HTMLElement, network: Network, told: Told): Promise<void> {
    await new Promise((done) => setTimeout(done, LATER));
    if (this.network !== network || !hasProcessor()) return;
    const { LargeDrawing } = await import("./large");
    if (this.network !== network) return;
    this.drawing?.close();
    stage.classList.add("is-large");
    this.drawing = new LargeDrawing(stage, network, looksOf(network), told);
    this.drawing.bringOut(this.chosen);
  }

  /** Walk by keyboard: the drawing takes arrows, and says where it is. */
  private listen(stage: HTMLElement): void {
    stage.tabIndex = 0;
    stage.setAttribute("role", "application");
    stage.setAttribute("aria-label", say("stage"));
    stage.setAttribute("aria-describedby", "network-hint");
    stage.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target !== stage) return;
      if (this.pressed(event.key)) event.preventDefault();
    });
  }

  private pressed(key: string): boolean {
    if (this.network === null) return false;
    if (key === "+" || key === "=") this.drawing?.zoom(1.5);
    else if (key === "-") this.drawing?.zoom(1 / 1.5);
    else if (key === "0") this.drawing?.whole();
    else if (key === "Home") this.choose(firstOf(this.network), true);
    else if (key === "Enter") this.chosen === -1 ? this.choose(firstOf(this.network), true) : this.panel?.focus();
    else if (key === "Escape") { this.waysFrom = ""; this.choose(-1); announce(say("left")); } else {
      if (this.chosen === -1 && key.startsWith("Arrow")) { this.choose(firstOf(this.network), true); return true; }
      const next = neighbourAt(this.network, this.chosen, key);
      if (next === null) return false;
      if (next === -1) announce(say("no-neighbour"));
      else this.choose(next);
    }
    return true;
  }

  private choose(node: number, fly = false): void {
    const { network } = this;
    if (network === null || this.waysTo(network, node)) return;
    this.mark(network, node, fly);
    this.visits.mark(node === -1 ? "" : network.id(node));
    if (node !== -1) announce(this.spoken(network, node));
  }

  private mark(network: Network, node: number, fly: boolean): void {
    this.chosen = node;
    if (node === -1) this.panel?.close();
    else this.panel?.tellNode(node);
    this.drawing?.bringOut(node);
    if (fly && node !== -1) this.drawing?.flyTo(node);
    markRows(node);
    const stage = find<HTMLElement>("#stage");
    stage.dataset["chosen"] = node === -1 ? "" : network.id(node);
  }

  private spoken(network: Network, node: number): string {
    return say("chosen", {
      name: network.name(node), kind: network.kind(node).text, number: count(network.ties(node).length),
    });
  }

  /** Choose what the address names, without a new step of history. */
  private follow(id: string): void {
    if (this.network === null) return;
    const node = this.network.given.nodes.id.indexOf(id);
    if (node !== this.chosen) this.mark(this.network, node, node !== -1);
  }

  private begin(node: number): void {
    if (this.network === null) return;
    this.waysFrom = this.network.id(node);
    find("#network-status").textContent = say("way-to", { name: this.network.name(node) });
    announce(say("way-to", { name: this.network.name(node) }));
  }

  /** Show the ways to a node, where the other end was chosen before. */
  private waysTo(network: Network, node: number): boolean {
    if (this.waysFrom === "" || node === -1 || network.id(node) === this.waysFrom) return false;
    const from = this.waysFrom;
    this.waysFrom = "";
    void this.visits.change({ from, to: network.id(node), centre: null, depth: null });
    return true;
  }

  /** Draw a group as its members, beside those that are open already. */
  private async open(node: number): Promise<void> {
    const group = this.network?.given.nodes.group[node] ?? "";
    const collapse = this.network?.given.collapsed?.by ?? null;
    const already = (new URLSearchParams(location.search).get("open") ?? "").split(",").filter(Boolean);
    await this.visits.change({ open: [...new Set([...already, group])].join(","), collapse });
  }
}

/** Give the look of each node as the legend has it. */
function looksOf({ given: { kinds, nodes } }: Network): Looks {
  const told = document.querySelector("#network-look")?.textContent ?? "null";
  const look = JSON.parse(told) as { groups: number[]; marks: Mark[]; radii: number[] } | null;
  return (node) => {
    const mark = look === null ? kinds[nodes.kind[node] ?? 0] : look.marks[look.groups[node] ?? 0];
    const { shape, fill, border } = mark ?? UNKNOWN;
    return { shape, fill, border, radius: look?.radii[node] ?? nodes.r[node] ?? 1 };
  };
}

new Explorer();
