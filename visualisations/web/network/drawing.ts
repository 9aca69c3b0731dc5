// What every drawing of a network can do, be it the SVG of the server or WebGL.

/** Told by a drawing: what the reader points at and chooses; -1 is nothing. */
export interface Told {
  pointed(node: number): void;
  chosen(node: number): void;
  chosenLink(link: number): void;
}

/** A drawing that can be moved and marked. */
export interface Drawing {
  /** Bring out a node with its neighbours, or let all be seen alike where it is -1. */
  bringOut(node: number): void;
  /** Point at a node for a moment. */
  point(node: number): void;
  /** Draw what the network keeps to now. */
  renewed(): void;
  /** Move so that a node is in the middle, near enough to tell it from others. */
  flyTo(node: number): void;
  /** Change the size about the middle. */
  zoom(factor: number): void;
  /** Show the whole network. */
  whole(): void;
  /** Fit to the place that the drawing has now. */
  resized(): void;
  /** Let go of everything. */
  close(): void;
}
