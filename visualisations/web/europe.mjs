// Draws the outlines of Europe once, into visualisations/europe/outlines.json, which is kept: pages
// draw the map from it without any script or build. Run again only for other outlines:
// node europe.mjs
//
// Natural Earth (public domain) through world-atlas, at 1:50 million, in the equal-area projection
// of the European grid, so that the ink of a country is its area.

import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRequire } from "node:module";
import { geoAzimuthalEqualArea, geoPath } from "d3-geo";
import { feature, merge } from "topojson-client";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const iso = require("i18n-iso-countries");
const topology = require("world-atlas/countries-50m.json");

const WIDTH = 1000;
const HEIGHT = 880;
const CENTRE = [12, 53];
const SCALE = 1180; // pixels of the radius of the Earth
const SHIFT = [478, 452]; // where the centre is drawn
const TOLERANCE = 0.4; // pixels that a simplified border may be off
const SMALLEST = 2; // square pixels of an islet that is still drawn
const MEMBERS = new Set((
  "AL AT BA BE BG CH CY CZ DE DK EE ES FI FR GB GE GR HR HU IE IS IT LI LT LU LV MD ME MK MT NL NO "
  + "PL PT RO RS SE SI SK TR UA XK"
).split(" "));
const CODES = { Kosovo: "XK" };
// Natural Earth draws who holds a place; here they stand as the European Union sees them.
const CRIMEA = [34.2, 45.2];

const projection = geoAzimuthalEqualArea().rotate([-CENTRE[0], -CENTRE[1]]).scale(SCALE).translate(SHIFT)
  .clipAngle(60).clipExtent([[0, 0], [WIDTH, HEIGHT]]).precision(0.3);

/** Give the arcs of the topology in degrees, without points that nobody would see. */
function simplified() {
  const { scale, translate } = topology.transform;
  return topology.arcs.map((arc) => {
    let [x, y] = [0, 0];
    const points = arc.map(([dx, dy]) => {
      [x, y] = [x + dx, y + dy];
      return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
    });
    const flat = points.map((point) => geoAzimuthalEqualArea().rotate([-CENTRE[0], -CENTRE[1]]).scale(SCALE)(point));
    const kept = new Set([0, points.length - 1]);
    thin(flat, 0, points.length - 1, kept);
    return points.filter((_, at) => kept.has(at));
  });
}

/** Keep, of the points between two, the one farthest from their line, and so on (Douglas and Peucker). */
function thin(points, from, to, kept) {
  let [worst, at] = [TOLERANCE, -1];
  for (let place = from + 1; place < to; place += 1) {
    const off = distance(points[place], points[from], points[to]);
    if (off > worst) [worst, at] = [off, place];
  }
  if (at < 0) return;
  kept.add(at);
  thin(points, from, at, kept);
  thin(points, at, to, kept);
}

function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const part = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - part * dx, y - ay - part * dy);
}

/** Give the closed lines of a path that geoPath wrote, as points. */
const ringsOf = (path) => path.split("Z").filter(Boolean)
  .map((part) => part.slice(1).split("L").map((pair) => pair.split(",").map(Number)));

const areaOf = (ring) => Math.abs(ring.reduce((sum, [x, y], at) => {
  const [nx, ny] = ring[(at + 1) % ring.length];
  return sum + x * ny - nx * y;
}, 0)) / 2;

/** Write lines in steps from point to point, which is shorter than places. */
function written(rings) {
  return rings.map((ring) => {
    const [[x, y], ...rest] = ring.map(([px, py]) => [Math.round(px * 10), Math.round(py * 10)]);
    let [ox, oy] = [x, y];
    const steps = rest.flatMap(([px, py]) => {
      const step = [px - ox, py - oy];
      [ox, oy] = [px, py];
      return step[0] === 0 && step[1] === 0 ? [] : [`${step[0] / 10} ${step[1] / 10}`];
    });
    return `M${x / 10} ${y / 10}l${steps.join(" ")}z`.replaceAll(" -", "-");
  }).join("");
}

/** Find the point of a ring that is farthest from its edge, and how far that is. */
function middle(ring) {
  const [xs, ys] = [ring.map(([x]) => x), ring.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  let best = { x: (left + right) / 2, y: (top + bottom) / 2, room: 0 };
  for (let i = 1; i < 60; i += 1) {
    for (let j = 1; j < 60; j += 1) {
      const point = [left + (right - left) * i / 60, top + (bottom - top) * j / 60];
      if (!inside(point, ring)) continue;
      const room = Math.min(...ring.map((from, at) => distance(point, from, ring[(at + 1) % ring.length])));
      if (room > best.room) best = { x: point[0], y: point[1], room };
    }
  }
  return best;
}

function inside([x, y], ring) {
  let within = false;
  ring.forEach(([ax, ay], at) => {
    const [bx, by] = ring[(at + 1) % ring.length];
    if ((ay > y) !== (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)) within = !within;
  });
  return within;
}

const read = { ...topology, arcs: simplified() };
delete read.transform;
const polygonsOf = (shape) => (shape.type === "Polygon" ? [shape.arcs] : shape.arcs);
const polygon = (arcs) => ({ type: "Polygon", arcs });

/** Give a country together with those polygons of another that a test picks, which loses them. */
function together(to, from, picked) {
  const [gains, loses] = [to, from]
    .map((name) => read.objects.countries.geometries.find((item) => item.properties.name === name));
  const moved = polygonsOf(loses).filter((arcs) => picked(feature(read, polygon(arcs)).geometry.coordinates[0]));
  if (moved.length === 0) throw new Error(`nothing of ${from} goes to ${to}`);
  loses.arcs = polygonsOf(loses).filter((arcs) => !moved.includes(arcs));
  loses.type = "MultiPolygon";
  return merge(read, [...polygonsOf(gains), ...moved].map(polygon));
}

const joined = {
  Cyprus: together("Cyprus", "N. Cyprus", () => true),
  Ukraine: together("Ukraine", "Russia", (ring) => inside(CRIMEA, ring)),
};
const toPath = geoPath(projection).digits(2);
const countries = [];
const ground = [];
for (const item of feature(read, read.objects.countries).features) {
  const path = toPath(joined[item.properties.name] ?? item);
  const code = CODES[item.properties.name] ?? iso.numericToAlpha2(item.id) ?? "";
  if (path === null) continue;
  const rings = ringsOf(path).sort((one, other) => areaOf(other) - areaOf(one));
  const shown = rings.filter((ring, at) => at === 0 || areaOf(ring) >= SMALLEST);
  if (MEMBERS.has(code)) {
    const { x, y, room } = middle(shown[0]);
    countries.push({ code, x: Math.round(x), y: Math.round(y), room: Math.round(room), path: written(shown) });
  } else if (areaOf(rings[0]) >= SMALLEST) {
    ground.push(written(shown));
  }
}
countries.sort((one, other) => (one.code < other.code ? -1 : 1));
const missing = [...MEMBERS].filter((code) => !countries.some((item) => item.code === code));
if (missing.length > 0) throw new Error(`no outlines of ${missing.join(", ")}`);
const told = {
  source: "Natural Earth, 1:50 million, public domain, through world-atlas 2.0.2",
  width: WIDTH,
  height: HEIGHT,
  centre: CENTRE,
  scale: SCALE,
  shift: SHIFT,
  ground: ground.join(""),
  countries,
};
const target = join(here, "../europe/outlines.json");
writeFileSync(target, `${JSON.stringify(told, null, 0).replaceAll('},{"code"', '},\n{"code"')}\n`);
console.log(`${countries.length} countries, ${JSON.stringify(told).length} characters`);
