// An answer on a map: countries shaded by a value, and points. Nothing is fetched from elsewhere.

import countries from "countries";
import type { Country } from "countries";
import { geoAzimuthalEqualArea, geoEqualEarth, geoGraticule10, geoPath } from "d3-geo";
import type { GeoProjection } from "d3-geo";
import type { Feature } from "geojson";
import { numberOf, numericColumns } from "./answers";
import type { Answer, Row, Term } from "./answers";
import { choice, count, draw, make } from "../shared/elements";
import type { Names } from "./names";

const WIDTH = 800;
const HEIGHT = 720;
const SHADES = ["#d6e4f0", "#a9c7e0", "#74a3cb", "#3f7cae", "#1f4e79"];
const ROWS = "";
const POINT = /^\s*(?:<[^>]*>\s*)?POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)\s*$/i;
// Codes of the European Union that differ from those of ISO 3166.
const UNION: Record<string, string> = { EL: "GR", UK: "GB" };

interface Point { longitude: number; latitude: number; told: string }

const byCode = new Map<string, Country>();
for (const { properties: country } of countries) {
  if (country.code !== "") byCode.set(country.code, country);
  if (country.alpha3 !== "") byCode.set(country.alpha3, country);
}

/** Draw an answer that names countries or places; says so where it names none. */
export function drawMap(into: HTMLElement, answer: Answer, names: Names): void {
  const places = answer.columns.filter((name) => answer.rows.some((row) => countryOf(row[name], names) !== null));
  const points = pointsOf(answer);
  if (places.length === 0 && points.length === 0) {
    into.append(make(
      "p",
      { class: "notice" },
      "This answer names no place. A map needs a column of countries (things or codes such as EE), "
      + "of points (WKT), or two columns lat and long.",
    ));
    return;
  }
  const numeric = numericColumns(answer);
  let place = places[0] ?? "";
  let value = ROWS;
  const drawing = make("div");
  const redraw = (): void => {
    const sums = valuesOf(answer.rows, place, value, names);
    drawing.replaceChildren(...picture(sums, points, value === ROWS ? "rows" : `sum of ${value}`));
  };
  into.append(make(
    "div",
    { class: "tools" },
    places.length > 1 ? choice("Countries of", places.map((name) => [name, name] as const), place, (name) => { place = name; redraw(); }) : null,
    choice("Shaded by", [[ROWS, "the number of rows"], ...numeric.map((name) => [name, `the sum of ${name}`] as const)], value, (name) => { value = name; redraw(); }),
  ), drawing);
  redraw();
}

function countryOf(term: Term | undefined, names: Names): Country | null {
  if (term === undefined || term.type === "bnode") return null;
  const things = `${names.base}id/country/`;
  const authority = /^http:\/\/publications\.europa\.eu\/resource\/authority\/country\/([A-Z]{3})$/.exec(term.value)?.[1];
  const code = term.value.startsWith(things) ? term.value.slice(things.length) : authority ?? term.value;
  return term.type === "uri" && code === term.value ? null : byCode.get(UNION[code] ?? code) ?? null;
}

function valuesOf(rows: readonly Row[], place: string, value: string, names: Names): Map<Country, number> {
  const sums = new Map<Country, number>();
  for (const row of rows) {
    const country = countryOf(row[place], names);
    const number = value === ROWS ? 1 : numberOf(row[value]);
    if (country !== null && number !== null) sums.set(country, (sums.get(country) ?? 0) + number);
  }
  return sums;
}

function pointsOf(answer: Answer): Point[] {
  const latitude = answer.columns.find((name) => /^lat(itude)?$/i.test(name));
  const longitude = answer.columns.find((name) => /^(lon|lng|long|longitude)$/i.test(name));
  return answer.rows.flatMap((row) => {
    const told = answer.columns.map((name) => row[name]).find((term) => term?.type === "literal" && !POINT.test(term.value))?.value ?? "";
    const written = Object.values(row).map((term) => POINT.exec(term.value)).find((found) => found !== null);
    if (written) return [{ longitude: Number(written[1]), latitude: Number(written[2]), told }];
    if (latitude === undefined || longitude === undefined) return [];
    const [y, x] = [Number(row[latitude]?.value ?? "x"), Number(row[longitude]?.value ?? "x")];
    return Number.isFinite(x) && Number.isFinite(y) ? [{ longitude: x, latitude: y, told }] : [];
  });
}

/** Europe where all that is asked of lies there, and the world otherwise. */
function projectionFor(sums: ReadonlyMap<Country, number>, points: readonly Point[]): GeoProjection {
  const near = (point: Point): boolean => point.longitude > -25 && point.longitude < 45 && point.latitude > 33 && point.latitude < 72;
  if ([...sums.keys()].every((country) => country.europe) && points.every(near)) {
    return geoAzimuthalEqualArea().rotate([-12, -53]).scale(1000).translate([WIDTH / 2, HEIGHT / 2 + 15])
      .clipExtent([[0, 0], [WIDTH, HEIGHT]]);
  }
  return geoEqualEarth().fitSize([WIDTH, HEIGHT], { type: "Sphere" });
}

function picture(sums: ReadonlyMap<Country, number>, points: readonly Point[], what: string): Node[] {
  const path = geoPath(projectionFor(sums, points)).digits(1);
  const limits = [...sums.values()].sort((a, b) => a - b);
  const shade = (value: number): string => {
    const rank = limits.filter((other) => other < value).length / Math.max(limits.length - 1, 1);
    return SHADES[Math.min(Math.floor(rank * SHADES.length), SHADES.length - 1)] ?? "";
  };
  const outlines = countries.flatMap((feature: Feature<never, Country> | (typeof countries)[number]) => {
    const outline = path(feature);
    if (outline === null) return [];
    const value = sums.get(feature.properties);
    const told = value === undefined ? feature.properties.name : `${feature.properties.name}: ${count(value)}`;
    return [draw("path", { d: outline, fill: value === undefined ? "#f1f3f5" : shade(value) }, draw("title", {}, told))];
  });
  const circles = points.flatMap((point) => {
    const at = path.projection<GeoProjection>()?.([point.longitude, point.latitude]);
    return at ? [draw("circle", { cx: at[0], cy: at[1], r: 5 }, draw("title", {}, point.told))] : [];
  });
  const told = `Map: ${sums.size} countries by ${what}${points.length > 0 ? `, ${points.length} points` : ""}. The table below says the same.`;
  return [
    draw(
      "svg",
      { class: "map", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": told },
      draw("path", { class: "lines", d: path(geoGraticule10()) ?? "" }),
      draw("g", { class: "countries" }, ...outlines),
      draw("g", { class: "points" }, ...circles),
    ),
    legend(limits, shade),
    same(sums, what),
    make("p", { class: "quiet" }, "Outlines: Natural Earth, in the public domain. They are no statement on borders."),
  ];
}

function legend(limits: readonly number[], shade: (value: number) => string): Node {
  const steps = [...new Set(limits.map(shade))];
  return make("ul", { class: "legend" }, ...steps.map((colour) => {
    const own = limits.filter((value) => shade(value) === colour);
    const [least, most] = [Math.min(...own), Math.max(...own)];
    const swatch = make("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = colour;
    return make("li", {}, swatch, least === most ? count(least) : `${count(least)} to ${count(most)}`);
  }));
}

function same(sums: ReadonlyMap<Country, number>, what: string): Node {
  const rows = [...sums].sort((a, b) => b[1] - a[1]).map(([country, value]) => (
    make("tr", {}, make("th", { scope: "row" }, country.name), make("td", { class: "number" }, count(value)))
  ));
  return make(
    "details",
    {},
    make("summary", {}, "The same as a table"),
    make("table", {}, make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "country"), make("th", { scope: "col" }, what))), make("tbody", {}, ...rows)),
  );
}
