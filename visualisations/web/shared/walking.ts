// Walking the links of a drawing with the arrow keys: one stop of the keyboard for all of them.
//
// Each link keeps its own name, so that readers of screens say where the focus is.

/** Make the links of a drawing one stop, within which the arrow keys lead to the nearest one. */
export function arrows(svg: SVGSVGElement): void {
  const links = [...svg.querySelectorAll<SVGAElement>("a")];
  if (links.length === 0) return;
  let current = links[0];
  current?.setAttribute("tabindex", "0");
  const go = (link: SVGAElement): void => {
    current?.setAttribute("tabindex", "-1");
    link.setAttribute("tabindex", "0");
    current = link;
    link.focus();
  };
  svg.addEventListener("focusin", (event) => {
    const link = event.target instanceof Element ? event.target.closest<SVGAElement>("a") : null;
    for (const one of links) one.classList.toggle("at", one === link);
  });
  svg.addEventListener("focusout", () => links.forEach((one) => one.classList.remove("at")));
  svg.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    if (way === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const from = document.activeElement?.closest<SVGAElement>("a");
    if (!from) return;
    event.preventDefault();
    const next = nearest(links, from, way);
    if (next !== null) go(next);
  });
}

const WAYS: Record<string, readonly [number, number]> = {
  ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1],
};

/** Find the link that lies nearest in a direction; what lies aside counts as farther. */
function nearest(links: readonly SVGAElement[], from: SVGAElement, [dx, dy]: readonly [number, number]): SVGAElement | null {
  const [x, y] = middle(from);
  let [best, found]: [number, SVGAElement | null] = [Infinity, null];
  for (const link of links) {
    const [toX, toY] = middle(link);
    const ahead = (toX - x) * dx + (toY - y) * dy;
    const aside = Math.abs((toX - x) * dy) + Math.abs((toY - y) * dx);
    const far = ahead + 2 * aside;
    if (link !== from && ahead > 1 && far < best) [best, found] = [far, link];
  }
  return found;
}

function middle(link: SVGAElement): [number, number] {
  const box = link.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}
