// Where the reader looks: a part of the drawing, moved and scaled, gently where motion is welcome.

/** The middle of what is seen, in units of the drawing, and how many pixels a unit is. */
export interface Look { x: number; y: number; scale: number }

const SOFT = 260; // milliseconds of a flight
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

/** Remembers the look and moves to another. */
export class Camera {
  private frame = 0;

  constructor(public look: Look, private readonly changed: (settled: boolean) => void) {}

  /** Look elsewhere at once; `settled` says that no more is about to follow. */
  set(look: Partial<Look>, settled = true): void {
    cancelAnimationFrame(this.frame);
    this.look = { ...this.look, ...look };
    this.changed(settled);
  }

  /** Look elsewhere, by a short flight where the reader has not asked for less motion. */
  fly(to: Look): void {
    if (still.matches) { this.set(to); return; }
    cancelAnimationFrame(this.frame);
    const from = this.look;
    const start = performance.now();
    const step = (now: number): void => {
      const share = Math.min((now - start) / SOFT, 1);
      const eased = 1 - (1 - share) ** 3;
      this.look = {
        x: from.x + (to.x - from.x) * eased,
        y: from.y + (to.y - from.y) * eased,
        scale: from.scale * (to.scale / from.scale) ** eased,
      };
      this.changed(share === 1);
      if (share < 1) this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }
}
