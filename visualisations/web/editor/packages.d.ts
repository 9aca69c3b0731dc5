// What the build makes for the editor: the outlines of countries, by build.mjs.
declare module "countries" {
  import type { Feature, MultiPolygon, Polygon } from "geojson";

  export interface Country {
    /** ISO 3166-1 alpha-2, empty where there is none. */
    code: string;
    alpha3: string;
    name: string;
    europe: boolean;
  }
  const countries: Feature<Polygon | MultiPolygon, Country>[];
  export default countries;
}

declare module "*.css" {}
