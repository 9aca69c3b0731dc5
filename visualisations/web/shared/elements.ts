// Elements of the page, made without any markup in strings: nothing of a result is read as HTML.

type Content = Node | string | null;
type Attributes = Record<string, string | number | boolean>;

/** Make an element; an attribute that is false is left out, one that is true stands empty. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...content: Content[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  set(made, attributes);
  made.append(...content.filter((item) => item !== null));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** Make an element of a drawing. */
export function draw<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...content: Content[]
): SVGElementTagNameMap[Name] {
  const made = document.createElementNS(SVG, name);
  set(made, attributes);
  made.append(...content.filter((item) => item !== null));
  return made;
}

/** Find an element that the page must have. */
export function find<Kind extends Element>(selector: string, inside: ParentNode = document): Kind {
  const found = inside.querySelector<Kind>(selector);
  if (found === null) throw new Error(`the page has no ${selector}`);
  return found;
}

/** Make a labelled choice; `change` is told the value that is chosen. */
export function choice(
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  chosen: string,
  change: (value: string) => void,
): HTMLLabelElement {
  const list = make("select", {}, ...options.map(([value, text]) => make("option", { value }, text)));
  list.value = chosen;
  list.addEventListener("change", () => change(list.value));
  return make("label", { class: "choice" }, `${label} `, list);
}

/** Make a button that does something. */
export function button(text: string, action: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = make("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", action);
  return made;
}

/** Write a number with its thousands apart. */
export const count = (value: number): string => value.toLocaleString("en");

function set(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
}
