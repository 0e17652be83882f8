/** The element with that id. Throws where the page has none of that kind. */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new TypeError(`the page has no ${kind.name} with the id ${id}`);
}

/** A new element; `children` that are strings become text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  element.append(...children);
  return element;
}

const announcer = () => byId("announcer", HTMLParagraphElement);

/** Read aloud by screen readers when they are idle; for what is worth an interruption of silence. */
export function announce(words: string): void {
  announcer().textContent = words;
}
