// A network in a frame on a page of others: its slider of years, and a drawing that moves.
//
// Without this script the years are links, and all else is there too.

import { fetchNetwork } from "../network/contract";
import type { Network } from "../network/contract";
import { SvgDrawing } from "../network/svg";
import { announce, count, say } from "../network/words";
import { Years } from "../network/years";
import { find } from "../shared/elements";

// What stands around the drawing, and follows the years.
const AROUND = ["#summary", "#same", "#whole"];

/** Bring the frame to life. */
async function start(figure: HTMLElement): Promise<void> {
  const network = await fetchNetwork(figure.dataset["document"] ?? "", new AbortController().signal);
  if (document.querySelector("#years") === null) { drawn(figure, network); return; }
  let drawing: SvgDrawing | null = null;
  new Years({
    keep: (span) => {
      network.keep(span);
      drawing?.renewed();
      if (span === null) return "";
      const { nodes, links } = network.counts();
      const years = span[0] === span[1] ? String(span[0]) : `${span[0]}–${span[1]}`;
      return say("then", { years, nodes: count(nodes), links: count(links) });
    },
    follow: (years) => void follow(years),
  });
  // After the slider, which says what years the service has drawn.
  drawing = drawn(figure, network);
}

function drawn(figure: HTMLElement, network: Network): SvgDrawing {
  const drawing = new SvgDrawing(find("svg.network-drawing", figure), network, {
    pointed: () => undefined,
    chosen: (node) => {
      const page = network.given.nodes.page[node] ?? null;
      // A frame leads out of it.
      if (page !== null) open(page, "_top");
    },
    chosenLink: () => undefined,
  });
  window.addEventListener("resize", () => drawing.resized());
  figure.dataset["state"] = "ready";
  return drawing;
}

let asked = 0;

/** Let what stands around the drawing follow, and the address, so that the frame can be read anew. */
async function follow(years: string): Promise<void> {
  const mine = ++asked;
  const address = new URL(location.href);
  if (years === "") address.searchParams.delete("years");
  else address.searchParams.set("years", years);
  const answer = await fetch(address, { headers: { accept: "text/html" } }).catch(() => null);
  if (mine !== asked) return;
  if (answer === null || !answer.ok) { announce(say("gone")); return; }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== asked) return;
  history.replaceState(null, "", address);
  for (const part of AROUND) find(part).replaceWith(find(part, page));
}

const figure = document.querySelector<HTMLElement>("#network");
if (figure !== null) start(figure).catch(() => announce(say("gone")));
