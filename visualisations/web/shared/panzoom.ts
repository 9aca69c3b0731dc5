// Zooming and panning a drawing by its view box: buttons, keys, the wheel with Ctrl, and dragging.
//
// Nothing moves by itself, so there is nothing to reduce for those who want no motion.

import { button } from "./elements";

/** What the buttons are called. */
export interface Names {
  zoomIn: string;
  zoomOut: string;
  whole: string;
}

const STEP = 1.5;
const MOST = 12;
const NEAR = 1.8; // from here on small letters are worth showing
const MOVED = 4; // pixels from which on a press is a drag and no click

/** Let a drawing be zoomed and panned; gives the buttons for it. */
export function panZoom(svg: SVGSVGElement, names: Names): HTMLButtonElement[] {
  const whole = svg.viewBox.baseVal;
  const size = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
  let view = { ...size };

  const show = (next: typeof view): void => {
    const width = Math.min(Math.max(next.width, size.width / MOST), size.width);
    const height = width * size.height / size.width;
    const within = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);
    view = {
      width,
      height,
      x: within(next.x, size.x, size.x + size.width - width),
      y: within(next.y, size.y, size.y + size.height - height),
    };
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
    svg.classList.toggle("zoomed", width < size.width);
    svg.classList.toggle("near", size.width / width >= NEAR);
    // So that a style can keep letters and lines as large as they are.
    svg.style.setProperty("--zoom", (size.width / width).toFixed(2));
  };
  /** Zoom so that a place of the drawing stays where it is. */
  const zoom = (factor: number, x = view.x + view.width / 2, y = view.y + view.height / 2): void => {
    const kept = Math.min(Math.max(view.width / factor, size.width / MOST), size.width) / view.width;
    show({ x: x - (x - view.x) * kept, y: y - (y - view.y) * kept, width: view.width * kept, height: 0 });
  };
  const place = (event: MouseEvent): [number, number] => {
    const box = svg.getBoundingClientRect();
    return [
      view.x + (event.clientX - box.left) / box.width * view.width,
      view.y + (event.clientY - box.top) / box.height * view.height,
    ];
  };

  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? STEP : 1 / STEP, ...place(event));
  }, { passive: false });
  svg.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const factor = { "+": STEP, "=": STEP, "-": 1 / STEP, "0": 1 / MOST }[event.key];
    if (factor === undefined) return;
    event.preventDefault();
    zoom(factor);
  });
  dragging(svg, (x, y) => {
    const scale = view.width / svg.getBoundingClientRect().width;
    show({ ...view, x: view.x - x * scale, y: view.y - y * scale });
  });
  return [
    button("+", () => zoom(STEP), { "aria-label": names.zoomIn, title: names.zoomIn }),
    button("−", () => zoom(1 / STEP), { "aria-label": names.zoomOut, title: names.zoomOut }),
    button("⤢", () => show(size), { "aria-label": names.whole, title: names.whole }),
  ];
}

/** Tell how far a pressed pointer moves; what ends a drag is no click. */
function dragging(svg: SVGSVGElement, moved: (x: number, y: number) => void): void {
  let last: PointerEvent | null = null;
  let far = 0;
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !svg.classList.contains("zoomed")) return;
    last = event;
    far = 0;
  });
  svg.addEventListener("pointermove", (event) => {
    if (last === null || event.pointerId !== last.pointerId) return;
    const [x, y] = [event.clientX - last.clientX, event.clientY - last.clientY];
    far += Math.hypot(x, y);
    if (far > MOVED && !svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId);
    moved(x, y);
    last = event;
  });
  for (const end of ["pointerup", "pointercancel"] as const) svg.addEventListener(end, () => { last = null; });
  svg.addEventListener("click", (event) => {
    if (far > MOVED) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    far = 0;
  }, { capture: true });
  // A link that is dragged would otherwise be carried away as one.
  svg.addEventListener("dragstart", (event) => event.preventDefault());
}
