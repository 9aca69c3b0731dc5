// The panel beside the drawing: who is chosen, how it stands in the network, with whom and why.

import { button, find, make } from "../shared/elements";
import type { Network } from "./contract";
import { factsOf, sourcesOf } from "./facts";
import { count, say, spoken } from "./words";

const MOST = 60; // neighbours that are listed at once

/** What the panel can ask for. */
export interface Wishes {
  choose(node: number): void;
  leave(): void;
  around(node: number, depth: number): void;
  wayFrom(node: number): void;
  open(node: number): void;
}

export class Panel {
  private readonly element = find("#panel");
  private readonly heading = find("#panel-heading");
  private readonly body = find("#panel-body");
  private asking: AbortController | null = null;

  constructor(private readonly network: Network, private readonly wishes: Wishes) {}

  /** Tell nothing. */
  close(): void {
    this.asking?.abort();
    (this.element as HTMLElement).hidden = true;
  }

  /** Move the focus of the keyboard here. */
  focus(): void { (this.heading as HTMLElement).focus(); }

  /** Tell about a node. */
  tellNode(node: number): void {
    const { given } = this.network;
    this.begin(this.named(node));
    const kind = this.network.kind(node);
    const page = given.nodes.page[node] ?? null;
    const members = given.nodes.size[node] ?? 1;
    this.body.append(
      make("p", {}, make("span", { lang: kind.lang }, kind.text), members > 1 ? ` – ${say("members", { number: count(members) })}` : null),
      this.ways(node, page),
      this.measures(node),
      this.neighbours(node),
    );
    if (page !== null && members === 1) this.later(factsOf(page, this.signal()));
  }

  /** Tell about a link: both ends and why they are linked. */
  tellLink(link: number): void {
    const { links } = this.network.given;
    const [one, other] = [links.source[link] ?? 0, links.target[link] ?? 0];
    this.begin(say("between", { one: this.network.name(one), other: this.network.name(other) }));
    const ends = [one, other].map((node) => make("li", {}, this.walk(node)));
    this.body.append(make("ul", { class: "ends" }, ...ends), this.why(link));
    this.later(sourcesOf(this.network, link, this.signal()));
  }

  private begin(title: string | Node): void {
    this.asking?.abort();
    this.asking = new AbortController();
    this.heading.replaceChildren(title);
    this.body.replaceChildren(button(say("leave"), () => this.wishes.leave(), { class: "leave" }));
    (this.element as HTMLElement).hidden = false;
    this.element.scrollTop = 0;
  }

  private signal(): AbortSignal { return (this.asking ??= new AbortController()).signal; }

  /** Add what is fetched when it comes, unless something else is told by then. */
  private later(made: Promise<Node | null>): void {
    const { signal } = this.asking ?? new AbortController();
    const place = make("div", { "aria-live": "off" });
    this.body.append(place);
    void made.then((node) => { if (node !== null && !signal.aborted) place.replaceChildren(node); }, () => undefined);
  }

  private named(node: number): Node {
    return spoken(this.network.name(node), this.network.language(node));
  }

  private walk(node: number): HTMLButtonElement {
    const made = button("", () => this.wishes.choose(node), { class: "plain" });
    made.append(this.named(node));
    return made;
  }

  private ways(node: number, page: string | null): HTMLElement {
    const group = this.network.given.nodes.group[node] ?? null;
    const steps = [1, 2, 3].map((depth) => button(String(depth), () => this.wishes.around(node, depth), {
      "aria-label": say(depth === 1 ? "around-one" : "around", { number: depth }),
    }));
    return make(
      "div",
      { class: "ways" },
      page === null ? null : make("p", {}, make("a", { href: page }, say("page"))),
      group === null
        ? make("p", { role: "group", "aria-label": say("only-around") }, `${say("only-around")} `, make("span", { class: "steps" }, ...steps))
        : make("p", {}, button(say("open"), () => this.wishes.open(node))),
      group === null ? make("p", {}, button(say("way-from"), () => this.wishes.wayFrom(node))) : null,
    );
  }

  private measures(node: number): HTMLElement {
    const { measures, nodes } = this.network.given;
    const items = measures.flatMap(({ name, label, explanation }) => {
      const column = nodes[name];
      if (!Array.isArray(column) || name === "community") return [];
      const value: unknown = column[node];
      if (typeof value !== "number") return [];
      const rank = 1 + column.filter((other) => typeof other === "number" && other > value).length;
      return [
        make("dt", { title: explanation }, label),
        make("dd", {}, `${written(name, value)} `, make("span", { class: "quiet" }, say("rank", { rank: count(rank), total: count(column.length) }))),
      ];
    });
    return make("dl", { class: "measures" }, ...items);
  }

  private neighbours(node: number): HTMLElement {
    const ties = this.network.ties(node);
    const items = ties.slice(0, MOST).map(({ link, other }) => make("li", {}, this.walk(other), this.why(link)));
    const more = ties.length > MOST ? make("p", { class: "quiet" }, say("more", { number: count(ties.length - MOST) })) : null;
    return make(
      "section",
      {},
      make("h4", {}, say("neighbours", { number: count(ties.length) })),
      make("ul", { class: "neighbours" }, ...items),
      more,
    );
  }

  private why(link: number): HTMLElement {
    const { links, reasons } = this.network.given;
    const merged = links.merged[link] ?? 1;
    if (merged > 1) return make("span", { class: "why" }, say("merged", { number: count(merged) }));
    const told = (links.reasons[link] ?? []).flatMap((place, nth) => {
      const page = reasons.page[place] ?? null;
      const text = spoken(reasons.label[place] ?? "", reasons.lang[place] ?? "");
      return [nth === 0 ? "" : "; ", page === null ? text : make("a", { href: page }, text)];
    });
    return make("span", { class: "why" }, ...told);
  }
}

/** Write a value of a measure as the table does. */
export function written(name: string, value: number): string {
  if (name === "betweenness") return `${count(value * 100, 1)} %`;
  return Number.isInteger(value) ? count(value) : count(value, 2);
}
