// Pointers, fingers and the wheel become movements; the page stays free to scroll past.

/** Told by gestures, in pixels of the element. */
export interface Moves {
  pan(across: number, down: number): void;
  zoom(factor: number, x: number, y: number): void;
  settle(): void;
  point(x: number, y: number, coarse: boolean): void;
  leave(): void;
  click(x: number, y: number, event: MouseEvent, coarse: boolean): void;
}

const STILL = 4; // pixels that a pointer may move and still click
const NOTCH = 1.0018; // how much a unit of the wheel zooms

/**
 * Listen to an element.
 *
 * One finger scrolls the page, as everywhere, unless the drawing fills the screen; two fingers move
 * and scale. The wheel scales with Ctrl, or where the drawing fills the screen.
 */
export function listen(element: Element, moves: Moves, signal: AbortSignal): void {
  const down = new Map<number, { x: number; y: number }>();
  let moved = 0;
  const at = (event: MouseEvent): { x: number; y: number } => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left - element.clientLeft, y: event.clientY - box.top - element.clientTop };
  };
  const whole = (): boolean => document.fullscreenElement !== null;
  const on = <Name extends keyof ElementEventMap | "pointerdown" | "pointermove" | "pointerup" | "pointercancel" | "pointerleave" | "wheel" | "click" | "dragstart">(
    name: Name, act: (event: never) => void, options: AddEventListenerOptions = {},
  ): void => element.addEventListener(name, act as unknown as EventListener, { signal, ...options });

  on("pointerdown", (event: PointerEvent) => {
    if (event.button !== 0) return;
    down.set(event.pointerId, at(event));
    moved = 0;
  });
  on("pointermove", (event: PointerEvent) => {
    const place = at(event);
    const before = down.get(event.pointerId);
    if (before === undefined) {
      if (event.pointerType !== "touch") moves.point(place.x, place.y, false);
      return;
    }
    const across = place.x - before.x;
    const below = place.y - before.y;
    moved += Math.abs(across) + Math.abs(below);
    if (moved <= STILL) return;
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    if (other !== undefined) {
      const was = Math.hypot(before.x - other.x, before.y - other.y);
      const is = Math.hypot(place.x - other.x, place.y - other.y);
      moves.pan(across / 2, below / 2);
      if (was > 0) moves.zoom(is / was, (place.x + other.x) / 2, (place.y + other.y) / 2);
    } else if (event.pointerType !== "touch" || whole()) {
      element.setPointerCapture(event.pointerId);
      moves.pan(across, below);
    }
    down.set(event.pointerId, place);
  });
  const up = (event: PointerEvent): void => {
    if (down.delete(event.pointerId) && moved > STILL) moves.settle();
  };
  on("pointerup", up);
  on("pointercancel", up);
  on("pointerleave", () => { if (down.size === 0) moves.leave(); });
  on("dragstart", (event: Event) => event.preventDefault());
  on("click", (event: MouseEvent) => {
    const place = at(event);
    // What was a drag leads nowhere; with a key held, a link is a link.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const coarse = (event as PointerEvent).pointerType === "touch";
    if (moved <= STILL) moves.click(place.x, place.y, event, coarse);
  });
  on("wheel", (event: WheelEvent) => {
    if (!event.ctrlKey && !event.metaKey && !whole()) return;
    event.preventDefault();
    const place = at(event);
    moves.zoom(NOTCH ** -event.deltaY, place.x, place.y);
    moves.settle();
  }, { passive: false });
}
