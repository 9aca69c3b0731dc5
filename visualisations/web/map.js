"use strict";
// The browser side of a map: draws the network that the page carries, names its nodes, finds
// them, and tells about the chosen one. Needs the global `vis` of vis-network, and nothing else.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const element = (id) => document.getElementById(id);
  const stage = element("network");
  const panel = { heading: element("panel-heading"), body: element("panel-body") };
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const nodes = new Map(data.nodes.map((node) => [node.id, node]));
  const LABEL = 13; // height of a name on the screen, in CSS pixels
  const LONGEST = 32; // characters of a name beside an unchosen node
  const LARGEST = 0.04; // the part of the nodes that are named even if the name covers a node

  for (const hidden of [element("find"), stage, element("panel")]) hidden.hidden = false;
  element("undrawn").hidden = true;

  // ---- Who is linked with whom, and why
  const linksOf = new Map(data.nodes.map((node) => [node.id, []]));
  for (const edge of data.edges) {
    linksOf.get(edge.from).push({ other: edge.to, edge });
    if (edge.to !== edge.from) linksOf.get(edge.to).push({ other: edge.from, edge });
  }

  // ---- The drawing
  // On an upright screen the picture stands rather than lies; no distance changes.
  const upright = stage.clientHeight > stage.clientWidth;
  const drawn = data.nodes.map(({ id, shape, color, size, x, y }) => (
    { id, shape, color, size, x: upright ? y : x, y: upright ? x : y }
  ));
  const shown = new vis.DataSet(drawn);
  const lines = new vis.DataSet(data.edges.map(({ id, from, to, width, arrows }) => (
    { id, from, to, width, arrows }
  )));
  const network = new vis.Network(stage, { nodes: shown, edges: lines }, data.options);
  // Everything that can be done in the drawing can be done by the search and the panel too, so
  // it is no stop on the way of the keyboard.
  for (const focusable of stage.querySelectorAll("[tabindex]")) focusable.tabIndex = -1;
  // A page must scroll past its drawing: the wheel zooms with Ctrl only.
  stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
  }, { capture: true });

  // ---- Names: as many as fit without touching a node or one another, at any zoom; those of the
  // largest nodes may cover a node, that of the chosen one whatever there is
  let chosen = null;
  let pointed = null;
  const order = drawn.slice().sort((a, b) => b.size - a.size || a.id - b.id);
  const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);

  class Ground {
    // Remembers which rectangles are taken, by the cells of a grid.
    constructor(cell) { this.cell = cell; this.cells = new Map(); }
    * around(box) {
      for (let i = Math.floor(box.left / this.cell); i <= Math.floor(box.right / this.cell); i++) {
        for (let j = Math.floor(box.top / this.cell); j <= Math.floor(box.bottom / this.cell); j++) yield `${i}:${j}`;
      }
    }
    take(box) {
      for (const key of this.around(box)) {
        if (!this.cells.has(key)) this.cells.set(key, []);
        this.cells.get(key).push(box);
      }
    }
    free(box) {
      for (const key of this.around(box)) {
        for (const other of this.cells.get(key) ?? []) {
          if (other.owner !== box.owner && box.left < other.right && other.left < box.right
            && box.top < other.bottom && other.top < box.bottom) return false;
        }
      }
      return true;
    }
  }

  function boxes(node, width, height, gap) {
    const reach = node.size + gap;
    const at = (left, top) => (
      { owner: node.id, left, top, right: left + width, bottom: top + height }
    );
    return [
      at(node.x - width / 2, node.y + reach), at(node.x - width / 2, node.y - reach - height),
      at(node.x + reach, node.y - height / 2), at(node.x - reach - width, node.y - height / 2),
    ];
  }

  function names(context) {
    const scale = network.getScale();
    const size = LABEL / scale;
    const corner = network.DOMtoCanvas({ x: 0, y: 0 });
    const end = network.DOMtoCanvas({ x: stage.clientWidth, y: stage.clientHeight });
    const seen = order.filter((node) => node.x > corner.x && node.x < end.x
      && node.y > corner.y && node.y < end.y);
    const ground = new Ground(60 / scale);
    const written = new Ground(60 / scale);
    const large = new Set(seen.slice(0, Math.max(3, seen.length * LARGEST)).map((node) => node.id));
    for (const node of seen) {
      ground.take({
        owner: node.id, left: node.x - node.size, right: node.x + node.size,
        top: node.y - node.size, bottom: node.y + node.size,
      });
    }
    const near = chosen === null ? new Set() : new Set(linksOf.get(chosen).map((link) => link.other));
    const rank = (node) => (node.id === pointed || node.id === chosen ? 0 : near.has(node.id) ? 1 : 2);
    const eager = seen.slice().sort((a, b) => rank(a) - rank(b));
    context.textBaseline = "middle";
    context.textAlign = "center";
    context.lineJoin = "round";
    let count = 0;
    for (const node of eager) {
      const full = rank(node) === 0;
      if (chosen !== null && rank(node) === 2) continue;
      const short = cut(nodes.get(node.id).label, LONGEST);
      context.font = `${full ? "600 " : ""}${size}px system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif`;
      const texts = full ? [cut(nodes.get(node.id).name[0], 60), short] : [short];
      const inside = (box) => box.left > corner.x && box.right < end.x && box.top > corner.y && box.bottom < end.y;
      let text = texts[0];
      let places = [];
      let place = null;
      let width = 0;
      for (text of texts) {
        width = context.measureText(text).width + 4 / scale;
        places = boxes(node, width, size * 1.25, 2 / scale);
        place = places.find((box) => inside(box) && ground.free(box)) ?? null;
        if (place) break;
      }
      place ??= (large.has(node.id) ? places.find((box) => inside(box) && written.free(box)) : null)
        ?? (full ? places[0] : null);
      if (!place) continue;
      if (full) { // a chosen name is told even where it does not fit
        place.left = Math.min(Math.max(place.left, corner.x), end.x - width);
        place.right = place.left + width;
      }
      ground.take(place);
      written.take(place);
      count += 1;
      const x = (place.left + place.right) / 2;
      const y = (place.top + place.bottom) / 2;
      context.strokeStyle = "rgba(255, 255, 255, 0.92)";
      context.lineWidth = 4 / scale;
      context.strokeText(text, x, y);
      context.fillStyle = "#1a1f29";
      context.fillText(text, x, y);
    }
    stage.dataset.names = String(count);
    stage.dataset.chosen = chosen === null ? "" : String(chosen);
  }
  network.on("afterDrawing", names);
  network.on("hoverNode", (event) => { pointed = event.node; network.redraw(); });
  network.on("blurNode", () => { pointed = null; network.redraw(); });

  // ---- Choosing
  function fade() {
    const near = chosen === null ? null : new Set([chosen, ...linksOf.get(chosen).map((link) => link.other)]);
    shown.update(drawn.map(({ id }) => ({ id, opacity: near === null || near.has(id) ? 1 : 0.15 })));
    lines.update(data.edges.map(({ id, from, to }) => {
      const own = from === chosen || to === chosen;
      const color = chosen === null ? data.options.edges.color
        : { color: own ? "#1f2937" : "rgba(133, 144, 162, 0.12)" };
      return { id, color };
    }));
  }

  function span(text, language) {
    const made = document.createElement("span");
    made.textContent = text;
    made.lang = language === "und" ? "" : language;
    made.dir = "auto";
    return made;
  }

  function anchor(page, content) {
    if (page === null) return content;
    const made = document.createElement("a");
    made.href = page;
    made.append(content);
    return made;
  }

  function why(edge) {
    const line = document.createElement("span");
    line.className = "why";
    edge.grounds.forEach((ground, index) => {
      if (index > 0) line.append("; ");
      const [text, language, page] = data.grounds[ground];
      line.append(anchor(page, span(text, language)));
    });
    return line;
  }

  function tell(id) {
    const node = nodes.get(id);
    panel.heading.replaceChildren(span(...node.name));
    const kind = document.createElement("p");
    kind.append(span(...node.kind));
    const links = linksOf.get(id).slice()
      .sort((a, b) => Number(b.edge.weight) - Number(a.edge.weight) || a.other - b.other);
    const count = document.createElement("p");
    count.textContent = links.length === 0 ? "No links." : `${links.length} ${links.length === 1 ? "link" : "links"}:`;
    const list = document.createElement("ul");
    for (const { other, edge } of links) {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.append(span(...nodes.get(other).name));
      button.addEventListener("click", () => choose(other, { move: true, read: true }));
      item.append(button);
      if (edge.weight !== "1") item.append(` (${edge.weight})`);
      item.append(why(edge));
      list.append(item);
    }
    const page = document.createElement("p");
    if (node.page !== null) page.append(anchor(node.page, "Open its page"));
    panel.body.replaceChildren(kind, page, count, list);
  }

  function choose(id, { move = false, read = false } = {}) {
    chosen = id;
    network.selectNodes([id]);
    fade();
    tell(id);
    say(`Chosen: ${nodes.get(id).name[0]}`);
    if (move) {
      network.focus(id, {
        scale: Math.max(network.getScale(), 0.9),
        animation: still.matches ? false : { duration: 300, easingFunction: "easeInOutQuad" },
      });
    }
    if (read) panel.heading.focus();
  }

  function leave() {
    if (chosen === null) return;
    chosen = null;
    network.unselectAll();
    fade();
    panel.heading.textContent = "Nothing chosen";
    const hint = document.createElement("p");
    hint.textContent = "Choose a node in the drawing, or find it by its name.";
    panel.body.replaceChildren(hint);
    say("");
  }

  function tellLine(id) {
    const edge = data.edges[id];
    panel.heading.replaceChildren(span(...nodes.get(edge.from).name), " – ", span(...nodes.get(edge.to).name));
    panel.body.replaceChildren(why(edge));
  }

  network.on("click", (event) => {
    if (event.nodes.length > 0) choose(event.nodes[0]);
    else if (event.edges.length > 0) { leave(); tellLine(event.edges[0]); } else leave();
  });

  // ---- Finding
  const say = (text) => { element("status").textContent = text; };
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
  element("find").addEventListener("submit", (event) => {
    event.preventDefault();
    const asked = fold(element("name").value.trim());
    if (asked === "") return;
    const called = (node) => [fold(node.name[0]), fold(node.label)];
    const found = data.nodes.find((node) => called(node).includes(asked))
      ?? data.nodes.find((node) => called(node).some((name) => name.startsWith(asked)))
      ?? data.nodes.find((node) => called(node).some((name) => name.includes(asked)));
    if (!found) { say(`No node of this map is called “${element("name").value.trim()}”.`); return; }
    choose(found.id, { move: true, read: true });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || chosen === null) return;
    leave();
    element("name").focus();
  });
  const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor });
  element("closer").addEventListener("click", () => zoom(1.4));
  element("farther").addEventListener("click", () => zoom(1 / 1.4));
  element("whole").addEventListener("click", () => network.fit());

  // ---- Tables that can be sorted
  for (const table of document.querySelectorAll("table")) {
    const heads = [...table.tHead.rows[0].cells];
    const rows = [...table.tBodies[0].rows];
    heads.forEach((head, column) => {
      const numeric = head.classList.contains("number");
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        const falling = now === null ? numeric : now === "ascending";
        const key = (row) => row.cells[column].textContent.trim();
        const compare = numeric
          ? (a, b) => Number.parseFloat(key(a).replace(/,/g, "")) - Number.parseFloat(key(b).replace(/,/g, ""))
          : (a, b) => key(a).localeCompare(key(b));
        const sorted = rows.slice().sort((a, b) => (falling ? compare(b, a) : compare(a, b)));
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", falling ? "descending" : "ascending");
        table.tBodies[0].append(...sorted);
      });
    });
  }

  network.fit();
  network.once("afterDrawing", () => { stage.dataset.state = "drawn"; });
  network.redraw();
})();
