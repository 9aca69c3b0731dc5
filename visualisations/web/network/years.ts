// The slider of years: what began in one, or until then, is brought out, and the rest is faded.

import { button, find, make } from "../shared/elements";
import { player } from "../shared/playing";
import type { Span } from "./contract";
import { announce, say } from "./words";

const REST = 500; // milliseconds after the last step until the page around the drawing follows
const PLAYED = 1_700; // the same while years are played: longer than one of them is shown
const THUMB = 8; // half the width of what is dragged, in pixels
const WRITTEN = /^(\d{4})(?:-(\d{4}))?$/;

/** What the slider can ask for. */
export interface Keeper {
  /** Keep the drawing to some years, null for all; gives what is to be said of it. */
  keep(span: Span | null): string;
  /** Let the rest of the page follow, to an address with these years. */
  follow(years: string): void;
}

export class Years {
  private readonly place = find<HTMLElement>("#years");
  private readonly first = Number(this.place.dataset["first"]);
  private readonly last = Number(this.place.dataset["last"]);
  private readonly range = make("input", { type: "range", min: this.first, max: this.last, step: 1, "aria-label": say("year") });
  private readonly before = make("input", { type: "checkbox" });
  private readonly shown = make("output", {});
  private readonly player = player(
    [this.first, this.last],
    { play: say("play-years"), stop: say("stop-years"), next: say("next-year") },
    () => this.span?.[1] ?? null,
    (year) => {
      this.range.value = String(year);
      this.chosen(PLAYED);
      announce(this.range.getAttribute("aria-valuetext") ?? "");
      return Promise.resolve();
    },
  );
  private span: Span | null = null;
  private timer = 0;

  constructor(private readonly keeper: Keeper) {
    const number = this.last - this.first + 1;
    // Each year of the slider lies below its bar.
    this.range.style.marginInline = `calc(${50 / number}% - ${THUMB}px)`;
    find("#years-slider").replaceChildren(
      this.range,
      make("span", {}, `${say("year")}: `, this.shown),
      make("label", {}, this.before, say("and-before")),
      this.player.button,
      button(say("all-years"), () => { this.player.stop(); this.show(null); }),
    );
    this.range.addEventListener("input", () => { this.player.stop(); this.chosen(); });
    this.before.addEventListener("change", () => this.chosen());
    this.begin(this.place.dataset["chosen"] ?? "");
  }

  /** Let go of everything. */
  close(): void {
    this.player.stop();
    clearTimeout(this.timer);
  }

  /** Begin with the years that the page was asked for. */
  private begin(written: string): void {
    const found = WRITTEN.exec(written);
    this.span = found === null ? null : [Number(found[1]), Number(found[2] ?? found[1])];
    this.range.value = String(this.span?.[1] ?? this.last);
    this.before.checked = this.span === null || this.span[0] < this.span[1];
    this.tell(this.span === null ? "" : this.keeper.keep(this.span));
  }

  private chosen(rest = REST): void {
    const year = Number(this.range.value);
    this.show([this.before.checked ? this.first : year, year], rest);
  }

  private show(span: Span | null, rest = REST): void {
    this.span = span;
    if (span === null) this.range.value = String(this.last);
    this.tell(this.keeper.keep(span));
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.keeper.follow(written(span)), rest);
  }

  private tell(said: string): void {
    const { span } = this;
    this.shown.textContent = span === null ? say("all-years") : written(span);
    this.range.setAttribute("aria-valuetext", said === "" ? say("all-years") : said);
    this.place.querySelectorAll<SVGRectElement>(".bars rect").forEach((bar) => {
      const year = Number(bar.dataset["year"]);
      bar.classList.toggle("out", span !== null && (year < span[0] || year > span[1]));
    });
  }
}

/** Write years as addresses have them. */
function written(span: Span | null): string {
  if (span === null) return "";
  return span[0] === span[1] ? String(span[0]) : `${span[0]}-${span[1]}`;
}
