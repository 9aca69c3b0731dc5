// The page of times: sliders for the period, and tables that can be sorted.

import { periodSlider } from "../shared/period";
import { addressOf, renew } from "../shared/renewing";
import { sortTables } from "../shared/tables";
import { arrows } from "../shared/walking";

const form = document.querySelector<HTMLFormElement>("form.explore");

function begin(): void {
  const view = document.querySelector("#view");
  if (view === null) return;
  sortTables(view);
  for (const drawing of view.querySelectorAll<SVGSVGElement>("figure.timeline svg")) arrows(drawing);
}

begin();
const list = form?.querySelector<HTMLSelectElement>("select[name=period]");
if (form && list) periodSlider(list, (played) => renew(addressOf(form), begin, played));
