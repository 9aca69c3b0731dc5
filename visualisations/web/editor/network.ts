// An answer as a network of the things that it names, laid out once and without motion.

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import type { SimulationNodeDatum } from "d3-force";
import type { Answer, Term } from "./answers";
import { button, choice, count, draw, make } from "../shared/elements";
import { labelsOf } from "./labels";
import { link, shortName } from "./names";
import type { Names } from "./names";

const MOST = 250; // nodes beyond which a drawing of this size tells nothing
const LETTER = 12; // height of a name on the screen, in CSS pixels
const LONGEST = 28; // characters of a name
const STEPS = 300;
const LABELS = new Set([
  "http://www.w3.org/2000/01/rdf-schema#label",
  "http://www.w3.org/2004/02/skos/core#prefLabel",
  "http://purl.org/dc/terms/title",
]);

interface Node extends SimulationNodeDatum { key: string; term: Term; label: string; degree: number }
interface Edge { source: Node; target: Node; told: string }
interface Network { nodes: Node[]; edges: Edge[]; left: number }

/** Draw the things of an answer and what links them: statements, or two columns of a table. */
export async function drawNetwork(into: HTMLElement, answer: Answer, names: Names): Promise<void> {
  const things = answer.columns.filter((name) => answer.rows.some((row) => isThing(row[name])));
  const graph = answer.kind === "graph" || (answer.columns.includes("s") && answer.columns.includes("o"));
  let from = graph ? (answer.kind === "graph" ? "subject" : "s") : things[0] ?? "";
  let to = graph ? (answer.kind === "graph" ? "object" : "o") : things[1] ?? "";
  const drawing = make("div", { class: "network" });
  const redraw = async (): Promise<void> => {
    const network = read(answer, from, to, names);
    await nameNodes(network, names);
    show(drawing, network, names);
  };
  const columns = things.map((name) => [name, name] as const);
  into.append(make(
    "div",
    { class: "tools" },
    choice("From", columns, from, (name) => { from = name; void redraw(); }),
    choice("to", columns, to, (name) => { to = name; void redraw(); }),
  ), drawing);
  await redraw();
}

const isThing = (term: Term | undefined): term is Term => term !== undefined && term.type !== "literal";

function read(answer: Answer, from: string, to: string, names: Names): Network {
  const labels = statedLabels(answer);
  const nodes = new Map<string, Node>();
  const edges = new Map<string, Edge>();
  let left = 0;
  const relation = answer.kind === "graph" ? "predicate" : "p";
  const node = (term: Term): Node | null => {
    const known = nodes.get(term.value);
    if (known !== undefined) return known;
    if (nodes.size >= MOST) return null;
    const made = { key: term.value, term, label: labels.get(term.value) ?? shortName(term.value, names), degree: 0 };
    nodes.set(term.value, made);
    return made;
  };
  for (const row of answer.rows) {
    const [a, b] = [row[from], row[to]];
    // A label is no link; a thing without one stands alone.
    if (!isThing(a) || !isThing(b) || a.value === b.value) continue;
    const [source, target] = [node(a), node(b)];
    if (source === null || target === null) { left += 1; continue; }
    const key = `${a.value} ${b.value}`;
    const told = row[relation] === undefined ? "" : shortName(row[relation].value, names);
    const edge = edges.get(key);
    if (edge === undefined) {
      edges.set(key, { source, target, told });
      source.degree += 1;
      target.degree += 1;
    } else if (told !== "" && !edge.told.split(", ").includes(told)) edge.told += `, ${told}`;
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()], left };
}

/** Find the labels that a graph states of its own things. */
function statedLabels(answer: Answer): Map<string, string> {
  const found = new Map<string, string>();
  if (answer.kind !== "graph") return found;
  for (const { subject, predicate, object } of answer.rows) {
    if (subject === undefined || object?.type !== "literal" || !LABELS.has(predicate?.value ?? "")) continue;
    if (!found.has(subject.value)) found.set(subject.value, object.value);
  }
  return found;
}

/** Name the things that are of this service, where the answer does not. */
async function nameNodes(network: Network, names: Names): Promise<void> {
  const bare = network.nodes.filter((node) => node.label === shortName(node.key, names));
  const labels = await labelsOf(bare.map((node) => node.key), names);
  for (const node of bare) node.label = labels.get(node.key) ?? node.label;
}

function layOut({ nodes, edges }: Network): void {
  const simulation = forceSimulation(nodes)
    .force("link", forceLink(edges).distance(70))
    .force("charge", forceManyBody().strength(-220))
    .force("apart", forceCollide(16))
    .force("x", forceX(0).strength(0.06))
    .force("y", forceY(0).strength(0.08))
    .stop();
  simulation.tick(STEPS);
}

const radius = (node: Node): number => 4 + Math.min(Math.sqrt(node.degree) * 2, 12);
const at = (node: Node): [number, number] => [Math.round(node.x ?? 0), Math.round(node.y ?? 0)];

function show(into: HTMLElement, network: Network, names: Names): void {
  if (network.edges.length === 0) {
    into.replaceChildren(make("p", { class: "notice" }, "Nothing in these columns is linked with anything."));
    return;
  }
  layOut(network);
  const ranked = [...network.nodes].sort((a, b) => b.degree - a.degree);
  const lines = network.edges.map((edge) => {
    const [[x1, y1], [x2, y2]] = [at(edge.source), at(edge.target)];
    return draw("line", { x1, y1, x2, y2 }, draw("title", {}, `${edge.source.label} – ${edge.told || "with"} – ${edge.target.label}`));
  });
  const circles = network.nodes.map((node) => {
    const [cx, cy] = at(node);
    const circle = draw("circle", { cx, cy, r: radius(node) }, draw("title", {}, node.label));
    circle.addEventListener("click", () => { list.value = node.key; choose(node.key); });
    return circle;
  });
  const texts = draw("g", { class: "names" });
  const picture = draw(
    "svg",
    { role: "img", "aria-label": `Network of ${network.nodes.length} things and ${network.edges.length} links; the list below tells the links of each.` },
    draw("g", { class: "edges" }, ...lines),
    draw("g", { class: "nodes" }, ...circles),
    texts,
  );
  let zoom = 1;
  const frame = (): void => {
    const view = viewOf(network.nodes, zoom);
    picture.setAttribute("viewBox", view.join(" "));
    // How many units of the drawing one pixel of the screen is.
    const unit = Math.max(view[2] / (picture.clientWidth || 800), view[3] / (picture.clientHeight || 600));
    texts.replaceChildren(...written(ranked, unit));
    texts.style.fontSize = `${LETTER * unit}px`;
    texts.style.strokeWidth = `${3 * unit}px`;
  };

  const told = make("div", { class: "links", role: "status" });
  const choose = (key: string): void => {
    network.nodes.forEach((node, place) => circles[place]?.classList.toggle("chosen", node.key === key));
    network.edges.forEach((edge, place) => lines[place]?.classList.toggle("chosen", [edge.source.key, edge.target.key].includes(key)));
    told.replaceChildren(...(key === "" ? [] : linksOf(network, key, names)));
  };
  const options = [["", "choose a thing …"] as const, ...[...ranked].sort((a, b) => a.label.localeCompare(b.label)).map((node) => [node.key, node.label] as const)];
  const chooser = choice("Links of", options, "", choose);
  const list = chooser.querySelector("select") ?? document.createElement("select");
  into.replaceChildren(
    network.left > 0
      ? make("p", { class: "notice" }, `Only the first ${MOST} things are drawn; ${count(network.left)} links to others are left out.`)
      : make("p", { class: "quiet" }, `${count(network.nodes.length)} things, ${count(network.edges.length)} links.`),
    make(
      "div",
      { class: "tools" },
      chooser,
      button("Closer", () => { zoom *= 1.4; frame(); }),
      button("Farther", () => { zoom /= 1.4; frame(); }),
      button("Whole network", () => { zoom = 1; frame(); }),
    ),
    picture,
    told,
  );
  // The size on the screen is known once the drawing is in the page.
  frame();
  requestAnimationFrame(frame);
}

/** Write the names that fit without touching one another, those of the most linked first. */
function written(ranked: readonly Node[], unit: number): SVGTextElement[] {
  const taken: { left: number; right: number; top: number; bottom: number }[] = [];
  return ranked.flatMap((node) => {
    const [x, y] = at(node);
    const text = node.label.length > LONGEST ? `${node.label.slice(0, LONGEST - 1)}…` : node.label;
    const reach = (text.length * LETTER * unit) / 3.6;
    const bottom = y - radius(node) - 2 * unit;
    const box = { left: x - reach, right: x + reach, top: bottom - LETTER * unit, bottom };
    const free = taken.every((other) => (
      box.right < other.left || box.left > other.right || box.bottom < other.top || box.top > other.bottom
    ));
    if (!free) return [];
    taken.push(box);
    return [draw("text", { x, y: bottom }, text)];
  });
}

function viewOf(nodes: readonly Node[], zoom: number): [number, number, number, number] {
  const margin = 60;
  const [xs, ys] = [nodes.map((node) => at(node)[0]), nodes.map((node) => at(node)[1])];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const width = (right - left + 2 * margin) / zoom;
  const height = (bottom - top + 2 * margin) / zoom;
  return [(left + right - width) / 2, (top + bottom - height) / 2, width, height];
}

function linksOf(network: Network, key: string, names: Names): globalThis.Node[] {
  const own = network.edges.filter((edge) => edge.source.key === key || edge.target.key === key);
  const node = network.nodes.find((item) => item.key === key);
  if (node === undefined) return [];
  const heading = make("p", {}, node.term.type === "uri" ? link(key, names, node.label) : node.label, ` has ${own.length} ${own.length === 1 ? "link" : "links"}:`);
  const items = own.map((edge) => {
    const other = edge.source.key === key ? edge.target : edge.source;
    const way = edge.source.key === key ? edge.told : `is ${edge.told} of`;
    return make("li", {}, edge.told === "" ? null : `${way} `, other.term.type === "uri" ? link(other.key, names, other.label) : other.label);
  });
  return [heading, make("ul", {}, ...items)];
}
