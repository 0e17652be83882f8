import { byId } from "./elements.js";

/** A long job: a description in words, its progress, and a button that stops it. */
export class JobBox {
  readonly #box: HTMLDivElement;
  readonly #words: HTMLParagraphElement;
  readonly #bar: HTMLProgressElement;
  readonly #button: HTMLButtonElement;

  /** Consists of the elements `name`, `name-words`, `name-bar` and `name-cancel`. */
  constructor(name: string, onCancel: () => void) {
    this.#box = byId(name, HTMLDivElement);
    this.#words = byId(`${name}-words`, HTMLParagraphElement);
    this.#bar = byId(`${name}-bar`, HTMLProgressElement);
    this.#button = byId(`${name}-cancel`, HTMLButtonElement);
    this.#button.addEventListener("click", onCancel);
  }

  /** `fraction` is in 0 … 1, and undefined when it is not known. */
  show(words: string, fraction: number | undefined): void {
    this.#box.hidden = false;
    this.#words.textContent = words;
    if (fraction === undefined) this.#bar.removeAttribute("value");
    else this.#bar.value = fraction;
  }

  /** Moves the focus to `next` if the button that is hidden had it. */
  hide(next: HTMLElement): void {
    const hadFocus = document.activeElement === this.#button;
    this.#box.hidden = true;
    if (hadFocus) next.focus();
  }
}
