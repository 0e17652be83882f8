import { byId } from "./elements.js";

/** A job that takes a while: what it does in words, how far it is, and a button that stops it. */
export class JobBox {
  readonly #box: HTMLDivElement;
  readonly #words: HTMLParagraphElement;
  readonly #bar: HTMLProgressElement;
  readonly #button: HTMLButtonElement;

  /** Of the elements `name`, `name-words`, `name-bar` and `name-cancel`. */
  constructor(name: string, onCancel: () => void) {
    this.#box = byId(name, HTMLDivElement);
    this.#words = byId(`${name}-words`, HTMLParagraphElement);
    this.#bar = byId(`${name}-bar`, HTMLProgressElement);
    this.#button = byId(`${name}-cancel`, HTMLButtonElement);
    this.#button.addEventListener("click", onCancel);
  }

  /** `fraction` 0 … 1, undefined where it is not known. */
  show(words: string, fraction: number | undefined): void {
    this.#box.hidden = false;
    this.#words.textContent = words;
    if (fraction === undefined) this.#bar.removeAttribute("value");
    else this.#bar.value = fraction;
  }

  /** The focus goes to `next` if the button that goes had it. */
  hide(next: HTMLElement): void {
    const hadFocus = document.activeElement === this.#button;
    this.#box.hidden = true;
    if (hadFocus) next.focus();
  }
}
