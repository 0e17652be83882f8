/** The element with this id. Throws when the page has no element of this kind with it. */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new TypeError(`the page has no ${kind.name} with the id ${id}`);
}

/** A new element; strings among `children` become text. */
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

/**
 * Screen readers read this aloud when they are idle. Use it for text that is worth an interruption.
 */
export function announce(words: string): void {
  announcer().textContent = words;
}
