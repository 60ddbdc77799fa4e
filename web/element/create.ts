/** Creates an element with attributes and children. It never parses markup, so texts cannot inject any. */
export function create<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Splits a text at its `{name}` placeholders and inserts the part of that name. */
export function fill<Part extends Node | string>(
  text: string,
  parts: Readonly<Record<string, Part>>,
): (Part | string)[] {
  return text.split(/\{(\w+)\}/).map((piece, index) => (index % 2 === 0 ? piece : (parts[piece] ?? '')));
}
