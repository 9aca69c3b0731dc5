// Names beside marks at any size of the drawing, by the rules by which the server places the first.

/** A mark that wants a name, in pixels of the screen. */
export interface Spot { node: number; x: number; y: number; radius: number; text: string }

/** A name that has its place. */
export interface Written { node: number; text: string; x: number; y: number }

interface Box { left: number; top: number; right: number; bottom: number; owner: number; dust?: boolean }

const LETTER = 12.5;
const LINE = 1.25;
const BESIDE = 0.2;
const MOST = 250;
const CELL = 60;
const DUST = 5; // radius in pixels below which marks in a crowd may be covered by the names of the largest
const context = document.createElement("canvas").getContext("2d");
const widths = new Map<string, number>();

function width(text: string): number {
  let known = widths.get(text);
  if (known === undefined) {
    if (context !== null && widths.size === 0) context.font = `${LETTER}px ${getComputedStyle(document.body).fontFamily}`;
    known = context === null ? text.length * LETTER * 0.62 : context.measureText(text).width + 2;
    widths.set(text, known);
  }
  return known;
}

const segments = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Shorten a name; a letter never loses its accents. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const letters = [...segments.segment(text)].map(({ segment }) => segment);
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join("").trimEnd()}…`;
}

/**
 * Place names on a screen; the first spots choose first.
 *
 * The names of `eager` may cover what is as small as dust and one mark more, though never a name.
 */
export function place(
  spots: readonly Spot[],
  marks: readonly Spot[],
  screen: { width: number; height: number },
  eager: ReadonlySet<number>,
): Written[] {
  const ground = new Ground();
  const written = new Ground();
  for (const { node, x, y, radius } of marks) {
    ground.take({ left: x - radius, top: y - radius, right: x + radius, bottom: y + radius, owner: node, dust: radius < DUST });
  }
  const found: Written[] = [];
  for (const spot of spots) {
    if (found.length >= MOST) break;
    const placed = tried(spot, screen, ground, written, eager.has(spot.node));
    if (placed === null) continue;
    const { box, text } = placed;
    written.take(box);
    found.push({ node: spot.node, text, x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 + LETTER * 0.36 });
  }
  return found;
}

function tried(
  spot: Spot, screen: { width: number; height: number }, ground: Ground, written: Ground, eager: boolean,
): { box: Box; text: string } | null {
  let last: { box: Box; text: string } | null = null;
  for (const most of [32, 18]) {
    const text = cut(spot.text, most);
    for (const box of boxes(spot, width(text))) {
      const inside = box.left >= 0 && box.top >= 0 && box.right <= screen.width && box.bottom <= screen.height;
      if (!inside || !written.free(box)) continue;
      if (ground.free(box)) return { box, text };
      if (eager && last === null && ground.covered(box) <= 1) last = { box, text };
    }
  }
  return last;
}

function boxes({ node, x, y, radius }: Spot, across: number): Box[] {
  const height = LETTER * LINE;
  const reach = radius + LETTER * BESIDE;
  const slant = radius * 0.7 + LETTER * BESIDE;
  const corners: [number, number][] = [
    [x - across / 2, y + reach], [x - across / 2, y - reach - height],
    [x + reach, y - height / 2], [x - reach - across, y - height / 2],
    [x + slant, y + slant], [x + slant, y - slant - height],
    [x - slant - across, y + slant], [x - slant - across, y - slant - height],
  ];
  return corners.map(([left, top]) => ({ left, top, right: left + across, bottom: top + height, owner: node }));
}

/** Remembers which rectangles are taken, by the cells of a grid. */
class Ground {
  private readonly cells = new Map<string, Box[]>();

  take(box: Box): void {
    for (const key of keys(box)) {
      const cell = this.cells.get(key);
      if (cell === undefined) this.cells.set(key, [box]);
      else cell.push(box);
    }
  }

  free(box: Box): boolean {
    for (const _ of this.met(box)) return false;
    return true;
  }

  /** Count the marks under a box, dust left out. */
  covered(box: Box): number {
    const owners = [...this.met(box)].flatMap(({ owner, dust }) => (dust === true ? [] : [owner]));
    return new Set(owners).size;
  }

  private* met(box: Box): Generator<Box> {
    for (const key of keys(box)) {
      for (const other of this.cells.get(key) ?? []) {
        if (other.owner !== box.owner && box.left < other.right && other.left < box.right
          && box.top < other.bottom && other.top < box.bottom) yield other;
      }
    }
  }
}

function* keys(box: Box): Generator<string> {
  for (let column = Math.floor(box.left / CELL); column <= Math.floor(box.right / CELL); column += 1) {
    for (let row = Math.floor(box.top / CELL); row <= Math.floor(box.bottom / CELL); row += 1) yield `${column}:${row}`;
  }
}
