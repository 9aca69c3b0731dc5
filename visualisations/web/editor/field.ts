// The field of the query: an editor with colours and completion, or the plain field of the page.

import "@zazuko/yasqe/build/yasqe.min.css";
import Yasqe from "@zazuko/yasqe";
import { COMPLETERS, registerCompleters, withPrefixes } from "./completion";
import type { Vocabulary } from "./completion";
import { make } from "../shared/elements";
import type { Names } from "./names";

interface Inner {
  display: { input: { pollContent?(): boolean } };
  operation(work: () => void): void;
}

const PLAIN = "sikg-plain-field";

/** The query field of the page. Both fields hold the same text; one of them is shown. */
export class Field {
  private readonly yasqe: Yasqe;
  private readonly frame = make("div", { class: "field" });
  private readonly learnTerms: (vocabulary: Vocabulary) => void;
  private mark: { clear(): void } | null = null;

  constructor(
    private readonly area: HTMLTextAreaElement,
    private readonly names: Names,
    ask: () => void,
    changed: () => void,
  ) {
    this.learnTerms = registerCompleters(names);
    area.after(this.frame);
    this.yasqe = new Yasqe(this.frame, {
      value: area.value,
      persistenceId: null,
      autocompleters: COMPLETERS,
      showQueryButton: false,
      resizeable: false,
      editorHeight: "auto",
      viewportMargin: Number.POSITIVE_INFINITY,
      tabSize: 2,
      screenReaderLabel: "Query",
      // What screen readers read is the text itself, and no hidden copy of a line.
      inputStyle: "contenteditable",
      // A switched off button; the types know only a function.
      createShareableLink: null as unknown as (yasqe: Yasqe) => string,
      consumeShareLink: null,
      extraKeys: {
        "Ctrl-Enter": ask,
        "Cmd-Enter": ask,
        "Ctrl-Space": () => this.yasqe.autocomplete(),
        "Ctrl-/": () => this.yasqe.commentLines(),
        "Shift-Ctrl-F": () => this.yasqe.autoformat(),
        // No trap of the keyboard: Tab leads on, and Ctrl-] and Ctrl-[ indent.
        Tab: false,
        "Shift-Tab": false,
        Esc: false,
      },
    });
    // Its own button is left out, and with it goes an empty corner.
    this.frame.querySelector(".yasqe_buttons")?.remove();
    this.describe();
    for (const event of ["keydown", "focusout"] as const) {
      this.frame.addEventListener(event, (told) => {
        if (!("isComposing" in told && told.isComposing)) this.settle();
      }, { capture: true });
    }
    this.yasqe.on("change", () => { this.unmark(); changed(); });
    area.addEventListener("input", changed);
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) ask();
    });
    this.show(localStorage.getItem(PLAIN) === "yes");
  }

  /** Say to screen readers what the packages leave out: a field of many lines, and its list. */
  private describe(): void {
    const field = this.yasqe.getInputField();
    field.setAttribute("role", "textbox");
    field.setAttribute("aria-multiline", "true");
    field.setAttribute("aria-describedby", "keys");
    this.yasqe.on("autocompletionShown", () => {
      this.frame.querySelector(".CodeMirror-hints")?.setAttribute("aria-label", "Completions");
    });
  }

  get plain(): boolean { return !this.area.hidden; }

  /** Swap the fields, and remember the choice in this browser. */
  usePlain(plain: boolean): void {
    if (plain) this.settle();
    const text = this.text;
    localStorage.setItem(PLAIN, plain ? "yes" : "no");
    this.show(plain);
    this.text = text;
  }

  private show(plain: boolean): void {
    this.area.hidden = !plain;
    this.frame.hidden = plain;
    if (!plain) this.yasqe.refresh();
  }

  get text(): string { return this.plain ? this.area.value : this.yasqe.getValue(); }

  set text(value: string) {
    this.area.value = value;
    this.yasqe.setValue(value);
    this.yasqe.clearHistory();
    this.unmark();
  }

  /** Take over what a dictation or an input method wrote a moment ago: the editor waits a while. */
  private settle(): void {
    // Yasqe is a copy of its editor; operations belong to the editor itself.
    const editor = this.yasqe.getDoc().getEditor() as unknown as Inner | null;
    editor?.operation(() => editor.display.input.pollContent?.());
  }

  /** Give the query with the prefixes of ours that it uses declared; the field shows them too. */
  complete(): string {
    if (!this.plain) this.settle();
    const text = this.text;
    const whole = withPrefixes(text, this.yasqe.getPrefixesFromQuery(), this.names);
    if (whole !== text) {
      if (this.plain) this.area.value = whole;
      else this.yasqe.replaceRange(whole.slice(0, whole.length - text.length), { line: 0, ch: 0 });
    }
    return whole;
  }

  learn(vocabulary: Vocabulary): void { this.learnTerms(vocabulary); }

  focus(): void {
    if (this.plain) this.area.focus();
    else this.yasqe.focus();
  }

  /** Mark a line, counted from 1, where the service found a mistake. */
  markLine(line: number): void {
    this.unmark();
    const at = Math.min(line - 1, this.yasqe.lineCount() - 1);
    this.yasqe.addLineClass(at, "background", "mistaken");
    this.mark = { clear: () => { this.yasqe.removeLineClass(at, "background", "mistaken"); } };
  }

  private unmark(): void {
    this.mark?.clear();
    this.mark = null;
  }
}
