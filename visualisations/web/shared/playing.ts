// One year after the other: a button that plays them, or steps where little motion is wanted.

import { button } from "./elements";

const PAUSE = 1_200; // milliseconds in which a year can be looked at

/** What plays years: its button, and how it is stopped from elsewhere. */
export interface Player {
  readonly button: HTMLButtonElement;
  readonly stop: () => void;
}

/** What is said on the button: to play, to stop, and to take one step. */
export interface Said {
  readonly play: string;
  readonly stop: string;
  readonly next: string;
}

/**
 * Make what plays the years from the first to the last, beginning behind the one that is shown.
 *
 * `now` gives the year that is shown alone, null where there are several; `show` shows one, and is
 * waited for. A reader who has asked for little motion gets one year with each press.
 */
export function player(
  [least, most]: readonly [number, number],
  said: Said,
  now: () => number | null,
  show: (year: number) => Promise<void>,
): Player {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let run = 0; // the number of the run that plays; those before it have been stopped
  let playing = false;
  const made = button("", () => void press());

  const name = (): void => {
    made.textContent = playing ? said.stop : calm.matches ? said.next : said.play;
  };
  const stop = (): void => {
    playing = false;
    run += 1;
    name();
  };
  const press = async (): Promise<void> => {
    if (playing) {
      stop();
      return;
    }
    const shown = now();
    let year = shown === null || shown >= most ? least : shown + 1;
    if (calm.matches) {
      await show(year);
      return;
    }
    playing = true;
    name();
    const mine = run;
    for (; mine === run && year <= most; year += 1) {
      await show(year);
      if (year < most) await new Promise((done) => setTimeout(done, PAUSE));
    }
    if (mine === run) stop();
  };

  calm.addEventListener("change", stop);
  name();
  return { button: made, stop };
}
