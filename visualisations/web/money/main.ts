// Money in the browser: tables sort, a band that is pointed at stands out with its links, and
// sliders lead through the years. Without this the page says and does the same, and is only less
// easy to look through.

import { periodSlider } from "../shared/period";
import { addressOf, renew } from "../shared/renewing";
import { sortTables } from "../shared/tables";

/** What the server writes beside each band and link: the numbers of the bands that it joins. */
interface Drawn {
  readonly element: SVGElement;
  readonly bands: readonly string[];
}

/** Let what has nothing to do with the band or link that is pointed at, or has the focus, fade. */
function follow(drawing: SVGSVGElement): void {
  const drawn: Drawn[] = [...drawing.querySelectorAll<SVGElement>("[data-bands]")].map((element) => ({
    element,
    bands: (element.dataset["bands"] ?? "").split(" "),
  }));
  const show = (chosen: readonly string[]): void => {
    // A band stands out with all links that touch it and the bands at their other ends.
    const near = new Set(chosen);
    for (const { bands } of drawn) {
      if (bands.length > 1 && chosen.length === 1 && bands.some((band) => band === chosen[0])) {
        bands.forEach((band) => near.add(band));
      }
    }
    for (const { element, bands } of drawn) {
      const kept =
        chosen.length === 0 ||
        (bands.length === 1
          ? near.has(bands[0] ?? "")
          : chosen.length === 1
            ? bands.includes(chosen[0] ?? "")
            : bands.join(" ") === chosen.join(" "));
      element.classList.toggle("faint", !kept);
    }
  };
  for (const { element, bands } of drawn) {
    element.addEventListener("pointerenter", () => show(bands));
    element.addEventListener("pointerleave", () => show([]));
    // Only links: what listens for the focus can be reached by it, in drawings of some browsers.
    if (element.tagName === "a") {
      element.addEventListener("focus", () => show(bands));
      element.addEventListener("blur", () => show([]));
    }
  }
}

/** Copy the address of the view where the browser lets us; the link stays a link otherwise. */
function copy(link: HTMLAnchorElement): void {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard === undefined) return;
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  link.after(told);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    void clipboard.writeText(link.href).then(
      () => {
        told.textContent = " ✓";
      },
      () => {
        location.assign(link.href);
      },
    );
  });
}

/** Make the view that is shown work. */
function begin(): void {
  const view = document.querySelector("#view") ?? document;
  sortTables(view);
  view.querySelectorAll<SVGSVGElement>("svg.flow").forEach(follow);
  view.querySelectorAll<HTMLAnchorElement>("a.copied").forEach(copy);
}

begin();
const form = document.querySelector<HTMLFormElement>("form.explore");
const list = form?.querySelector<HTMLSelectElement>("select[name=period]");
if (form && list) periodSlider(list, (played) => renew(addressOf(form), begin, played));
