// Renewing a view in its place: what a form asks for, without losing where the reader is.

/** The address that a form asks for, without fields that are empty. */
export function addressOf(form: HTMLFormElement): string {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value !== "") asked.append(name, value);
  }
  const chosen = new URLSearchParams(location.search).get("lang");
  if (chosen !== null && !asked.has("lang")) asked.append("lang", chosen);
  const text = asked.toString().replaceAll("%2C", ",");
  return text === "" ? form.action : `${form.action}?${text}`;
}

let asking: AbortController | null = null;
let passed = false; // whether the address that is shown is one of many
let shown = location.pathname + location.search;

/**
 * Fetch a page and put its #view in the place of ours; the address follows, and `done` is told.
 *
 * Of many addresses that are `passing` one step is kept to go back to. Where the page cannot be had,
 * the browser opens it, and so tells what is wrong.
 */
export async function renew(address: string, done: () => void, passing = false): Promise<void> {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  const view = document.querySelector("#view");
  view?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: mine.signal });
    const read = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#view");
    if (!answer.ok || view === null || read === null) throw new Error("there is no view");
    view.replaceChildren(...document.importNode(read, true).childNodes);
    view.removeAttribute("aria-busy");
    // Where the service has led on, its own writing of the address is the shorter one.
    const reached = answer.redirected ? answer.url : address;
    if (passing && passed) history.replaceState(null, "", reached);
    else history.pushState(null, "", reached);
    passed = passing;
    shown = location.pathname + location.search;
    done();
  } catch {
    if (!mine.signal.aborted) location.assign(address);
  }
}

// Going back leads to another state of the same page: it is read anew, with its form. A step to
// another place of the same state is none of it.
addEventListener("popstate", () => {
  if (location.pathname + location.search !== shown) location.reload();
});
