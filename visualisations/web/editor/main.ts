// The page of the SPARQL endpoint with its editor: what ties field, tabs, answers and views.
//
// Without this script the page is a form that the service answers; everything here is added to it.

import "./editor.css";
import { ask, Problem } from "./answers";
import type { Answer } from "./answers";
import type { Vocabulary } from "./completion";
import { button, count, find, make } from "../shared/elements";
import { Examples } from "./examples";
import { Field } from "./field";
import type { Names } from "./names";
import { Share } from "./share";
import { Tabs } from "./tabs";
import { VIEWS } from "./views";

/** What the page carries for the editor, in its data block. */
interface Given {
  base: string;
  prefixes: Record<string, string>;
  release: number;
  example: string;
}

const LONGEST = 8000; // characters of an address that every browser and proxy takes
const VIEW = "sikg-view";

class Workbench {
  private readonly given = JSON.parse(find("#editor-data").textContent ?? "") as Given;
  private readonly names: Names = { base: this.given.base, prefixes: this.given.prefixes };
  private readonly form = find<HTMLFormElement>("form.query");
  private readonly area = find<HTMLTextAreaElement>("#query");
  private readonly panel = make("div", { id: "query-panel" });
  private readonly status = make("p", { role: "status", id: "told" });
  private readonly views = make("div", { class: "tools", role: "group", "aria-label": "Show the answer as" });
  private readonly output = make("div", { class: "output" });
  private readonly section = make("section", { class: "answer", "aria-labelledby": "told-heading", hidden: true });
  private readonly stop = button("Stop", () => this.asking?.abort(), { hidden: true });
  private readonly field: Field;
  private readonly tabs: Tabs;
  private readonly share: Share;
  private readonly answers = new WeakMap<object, Answer>();
  private asking: AbortController | null = null;
  private view = localStorage.getItem(VIEW) ?? "table";

  constructor() {
    const asked = new URLSearchParams(location.search).get("query");
    this.share = new Share(() => this.field.complete(), this.given.release, LONGEST);
    this.arrange();
    this.field = new Field(this.area, this.names, () => void this.run(), () => this.changed());
    this.tabs = new Tabs(this.panel, (tab) => this.opened(tab.text));
    this.form.before(this.tabs.element, this.panel);
    this.panel.append(this.form);
    new Examples(find("#examples-list"), (title, text) => {
      this.tabs.open({ title, text });
      this.field.focus();
    });
    const served = document.querySelector<HTMLElement>("#answer-section");
    this.tabs.restore(
      asked === null ? null : { title: titleOf(asked), text: asked },
      { title: "First query", text: this.given.example },
    );
    // What the service has drawn already stays until another answer is asked for.
    if (served !== null) {
      served.hidden = false;
      served.append(make("p", {}, button("Sort it, or show it as chart, map or network", () => void this.run())));
    }
    this.served = served;
    void this.learn();
  }

  private served: HTMLElement | null = null;

  /** Put the parts of the page where they belong; the form keeps its own. */
  private arrange(): void {
    for (const replaced of this.form.querySelectorAll(".without-script")) replaced.remove();
    const row = find(".row", this.form);
    row.append(this.stop, this.share.element);
    const plain = make("input", { type: "checkbox" });
    plain.addEventListener("change", () => this.field.usePlain(plain.checked));
    this.form.append(make(
      "p",
      { class: "quiet keys", id: "keys" },
      key("Ctrl", "Enter"), " asks, ", key("Ctrl", "Space"), " completes, ", key("Ctrl", "]"), " indents; ",
      key("Tab"), " leaves the field. Prefixes of ours are declared for you. ",
      make("label", {}, plain, " Plain text field"),
    ));
    queueMicrotask(() => { plain.checked = this.field.plain; });
    for (const view of VIEWS) {
      this.views.append(button(view.label, () => void this.showAs(view.name), { "data-view": view.name }));
    }
    this.section.append(make("h2", { id: "told-heading" }, "Answer"), this.status, this.views, this.output);
    find(".workbench").append(this.section);
    // The plain field may be hidden and empty; the service tells what is wrong with a query.
    this.form.noValidate = true;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.run();
    });
  }

  private async learn(): Promise<void> {
    const response = await fetch("/api/v1/vocabulary", { headers: { Accept: "application/json" } });
    if (response.ok) this.field.learn(await response.json() as Vocabulary);
  }

  private opened(text: string): void {
    this.field.text = text;
    const answer = this.answers.get(this.tabs.current);
    if (this.served !== null) this.served.hidden = true;
    this.share.reset();
    if (answer === undefined) this.section.hidden = true;
    else void this.show(answer);
  }

  private changed(): void {
    this.tabs.change(this.field.text);
    this.share.reset();
  }

  private async run(): Promise<void> {
    const query = this.field.complete();
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const tab = this.tabs.current;
    this.begin();
    try {
      const answer = await ask(query, this.share.release, asking.signal);
      this.answers.set(tab, answer);
      this.remember(query);
      if (tab === this.tabs.current) await this.show(answer);
    } catch (error) {
      if (asking.signal.aborted) this.tell("Stopped.");
      else if (error instanceof Problem) this.fail(error);
      else throw error;
    } finally {
      if (this.asking === asking) this.stop.hidden = true;
    }
  }

  private begin(): void {
    if (this.served !== null) this.served.hidden = true;
    this.section.hidden = false;
    this.stop.hidden = false;
    this.tell("Asking …");
  }

  /** Say something in place of an answer. */
  private tell(text: string): void {
    this.status.textContent = text;
    this.views.hidden = true;
    this.output.replaceChildren();
  }

  private fail(problem: Problem): void {
    this.tell(problem.title);
    const told = make("div", { class: "notice problem" }, make("pre", {}, problem.message));
    if (problem.address !== null) told.append(make("p", {}, make("a", { href: problem.address }, "What this means")));
    this.output.replaceChildren(told);
    if (problem.line !== null) this.field.markLine(problem.line);
  }

  /** Let the address of the page be that of its query, so that it can be kept and sent. */
  private remember(query: string): void {
    const address = this.share.address(query);
    if (address.length <= LONGEST) history.replaceState(null, "", address);
  }

  private async show(answer: Answer): Promise<void> {
    this.section.hidden = false;
    this.views.hidden = false;
    const seconds = (answer.milliseconds / 1000).toFixed(answer.milliseconds < 1000 ? 2 : 1);
    const what = { solutions: "row", graph: "statement", boolean: "" }[answer.kind];
    this.status.textContent = answer.kind === "boolean"
      ? `${answer.boolean === true ? "Yes" : "No"}, in ${seconds} s.`
      : `${count(answer.rows.length)} ${what}${answer.rows.length === 1 ? "" : "s"} in ${seconds} s.`;
    const fitting = VIEWS.filter((view) => view.refusal(answer, this.names) === null);
    for (const made of this.views.querySelectorAll("button")) {
      const view = VIEWS.find((item) => item.name === made.dataset["view"]);
      const refusal = view?.refusal(answer, this.names) ?? null;
      made.disabled = refusal !== null;
      made.title = refusal ?? "";
    }
    const chosen = fitting.find((view) => view.name === this.view) ?? fitting[0];
    if (chosen === undefined) return;
    for (const made of this.views.querySelectorAll("button")) {
      made.setAttribute("aria-pressed", String(made.dataset["view"] === chosen.name));
    }
    const drawn = make("div");
    if (answer.cut !== null) {
      drawn.append(make("p", { class: "notice", role: "status" }, make("strong", {}, "This answer is cut "), `${answer.cut}. Ask for less to get all of it.`));
    }
    drawn.append(this.share.downloads(answer.kind === "graph"));
    if (answer.kind === "boolean") drawn.append(make("p", { class: "verdict" }, answer.boolean === true ? "Yes" : "No"));
    if (answer.kind !== "boolean" || chosen.name !== "table") await chosen.draw(drawn, answer, this.names);
    this.output.replaceChildren(drawn);
    this.output.dataset["view"] = chosen.name;
  }

  private async showAs(view: string): Promise<void> {
    this.view = view;
    localStorage.setItem(VIEW, view);
    const answer = this.answers.get(this.tabs.current);
    if (answer !== undefined) await this.show(answer);
  }
}

const key = (...names: string[]): Node => {
  const made = make("span", {});
  names.forEach((name, place) => made.append(place > 0 ? "+" : "", make("kbd", {}, name)));
  return made;
};

function titleOf(query: string): string {
  return /^#\s*(?:title:\s*)?(\S.{0,79})/m.exec(query)?.[1] ?? "Shared query";
}

new Workbench();
