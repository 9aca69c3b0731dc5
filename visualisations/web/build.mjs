// Builds each folder with a main.ts into api/static/built: files named after their content, a
// manifest that the templates read, the same files compressed, and the licences of what is in them.

import { build } from "esbuild";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRequire } from "node:module";
import { feature } from "topojson-client";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const target = join(here, "../../api/static/built");
const draft = `${target}.draft`;

// Kosovo has no code of ISO 3166; XK is what the European Union uses.
const CODES = { Kosovo: ["XK", "XKX"] };
// Drawn in detail: what the picture of Europe shows.
const NEAR = new Set((
  "AD AL AM AT AX AZ BA BE BG BY CH CY CZ DE DK DZ EE ES FI FO FR GB GE GG GI GR HR HU IE IL IM IQ IS "
  + "IT JE JO KZ LB LI LT LU LV LY MA MC MD ME MK MT NL NO PL PS PT RO RS RU SE SI SK SM SY TN TR UA VA XK"
).split(" "));
// Of these an answer on Europe may speak; the others near it are background.
const OUTSIDE = new Set("DZ IL IQ JO KZ LB LY MA PS SY TN".split(" "));

/** Give the outlines of the countries: those near Europe at 1:50 million, the others at 1:110. */
function countries() {
  const iso = require("i18n-iso-countries");
  const read = (name, digits, wanted) => {
    const topology = require(`world-atlas/${name}.json`);
    return feature(topology, topology.objects.countries).features.flatMap((item) => {
      const [code, alpha3] = CODES[item.properties.name]
        ?? [iso.numericToAlpha2(item.id) ?? "", iso.numericToAlpha3(item.id) ?? ""];
      if (NEAR.has(code) !== wanted) return [];
      const properties = { code, alpha3, name: item.properties.name, europe: wanted && !OUTSIDE.has(code) };
      return [{ type: "Feature", properties, geometry: rounded(item.geometry, digits) }];
    });
  };
  return [...read("countries-110m", 1, false), ...read("countries-50m", 2, true)];
}

/** Round coordinates, and leave out points and islets that this makes one. */
function rounded(geometry, digits) {
  const ring = (points) => {
    const made = points.map(([x, y]) => [Number(x.toFixed(digits)), Number(y.toFixed(digits))]);
    return made.filter(([x, y], at) => at === 0 || x !== made[at - 1][0] || y !== made[at - 1][1]);
  };
  const polygon = (rings) => rings.map(ring).filter((points) => points.length >= 4);
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const coordinates = polygons.map(polygon).filter((rings) => rings.length > 0);
  return { type: "MultiPolygon", coordinates };
}

const outlines = {
  name: "countries",
  setup(steps) {
    steps.onResolve({ filter: /^countries$/ }, () => ({ path: "countries", namespace: "made" }));
    steps.onLoad({ filter: /.*/, namespace: "made" }, () => ({ contents: JSON.stringify(countries()), loader: "json" }));
  },
};

/** Give the text of a licence; of packages that name MIT and leave out its text, that of MIT. */
function licence(folder, name, people) {
  const file = readdirSync(folder).find((item) => /^(licen[cs]e|copying)/i.test(item));
  if (file !== undefined) return readFileSync(join(folder, file), "utf8").trim();
  if (name !== "MIT") throw new Error(`${folder} comes without the text of its licence`);
  const known = readFileSync(join(here, "node_modules/codemirror/LICENSE"), "utf8");
  return `Copyright (c) ${people.join(", ")}\n\n${known.slice(known.indexOf("Permission is hereby")).trim()}`;
}

/** Gather the licences of the packages whose code is in the files, and of what these bundle. */
function notice(inputs) {
  const names = new Set(["world-atlas"]);
  const add = (name) => {
    if (names.has(name)) return;
    names.add(name);
    const { dependencies = {} } = JSON.parse(readFileSync(join(here, "node_modules", name, "package.json")));
    Object.keys(dependencies).forEach(add);
  };
  for (const path of Object.keys(inputs)) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (found) add(found[1]);
  }
  const parts = [...names].sort().map((name) => {
    const folder = join(here, "node_modules", name);
    const { version, license, homepage = "", author, contributors = [] } = JSON.parse(
      readFileSync(join(folder, "package.json")),
    );
    const people = [author, ...contributors].filter(Boolean).map((one) => one.name ?? one);
    return `${name} ${version} – ${license} ${homepage}\n\n${licence(folder, license, people)}\n`;
  });
  const rule = `\n${"-".repeat(79)}\n\n`;
  const preface = "The scripts contain these packages. Outlines of countries: Natural Earth, public domain.\n";
  return [preface, ...parts].join(rule);
}

const bundles = readdirSync(here).filter((name) => existsSync(join(here, name, "main.ts"))).sort();
const entries = Object.fromEntries(bundles.map((name) => [name, `${name}/main.ts`]));

const result = await build({
  absWorkingDir: here,
  entryPoints: entries,
  outdir: draft,
  bundle: true,
  minify: true,
  format: "esm",
  splitting: true,
  target: ["es2022"],
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".svg": "file", ".woff": "file", ".woff2": "file" },
  legalComments: "none",
  metafile: true,
  write: false,
  plugins: [outlines],
  logLevel: "warning",
});

rmSync(draft, { recursive: true, force: true });
mkdirSync(draft, { recursive: true });
for (const { path, contents } of result.outputFiles) {
  writeFileSync(path, contents);
  writeFileSync(`${path}.gz`, gzipSync(contents, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}
const manifest = Object.fromEntries(Object.entries(result.metafile.outputs).flatMap(([path, made]) => {
  const name = bundles.find((item) => entries[item] === made.entryPoint);
  if (name === undefined) return [];
  // What the script imports at once, so that a page can ask for it before the script is read.
  const parts = made.imports.filter(({ kind }) => kind === "import-statement").map((item) => basename(item.path));
  return [[name, { script: basename(path), style: made.cssBundle ? basename(made.cssBundle) : null, parts }]];
}));
writeFileSync(join(draft, "NOTICE.txt"), notice(result.metafile.inputs));
writeFileSync(join(draft, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

// In one step each, so that a server never reads half a build.
const old = `${target}.old`;
rmSync(old, { recursive: true, force: true });
if (existsSync(target)) renameSync(target, old);
renameSync(draft, target);
rmSync(old, { recursive: true, force: true });
