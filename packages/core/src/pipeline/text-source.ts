import { InputError } from "../errors.js";
import { kindOf } from "../kind-of.js";

/** Reads the texts of the caller one at a time, with their indices. */
export class TextSource {
  readonly #iterator: Iterator<unknown> | AsyncIterator<unknown>;
  #count = 0;
  #done = false;
  #pulling = false;

  /** Throws InputError unless `texts` is an iterable. A string is refused, since it is an iterable of its characters. */
  constructor(texts: unknown) {
    const source = texts as Partial<Iterable<unknown> & AsyncIterable<unknown>> | null | undefined;
    const iterator =
      typeof texts === "string"
        ? undefined
        : (source?.[Symbol.asyncIterator]?.() ?? source?.[Symbol.iterator]?.());
    if (!iterator)
      throw new InputError(`texts must be an iterable of strings, got ${kindOf(texts)}`);
    this.#iterator = iterator;
  }

  /** The next text, or undefined at the end. Returns a promise only if the source does. */
  next():
    | { index: number; text: string }
    | undefined
    | Promise<{ index: number; text: string } | undefined> {
    this.#pulling = true;
    const step = this.#iterator.next();
    if (!isPromise(step)) return this.#take(step);
    return Promise.resolve(step).then((result) => this.#take(result));
  }

  /**
   * Calls `return` of the source, unless the source has ended. Waits for it, except when a call of `next` is pending,
   * since that may never be answered.
   */
  async close(): Promise<void> {
    if (this.#done) return;
    this.#done = true;
    const closed = Promise.resolve(this.#iterator.return?.());
    if (this.#pulling) closed.catch(() => {});
    else await closed;
  }

  #take(result: IteratorResult<unknown>): { index: number; text: string } | undefined {
    this.#pulling = false;
    if (result.done) {
      this.#done = true;
      return undefined;
    }
    const index = this.#count++;
    if (typeof result.value === "string") return { index, text: result.value };
    throw new InputError(`text ${index} must be a string, got ${kindOf(result.value)}`, {
      index,
    });
  }
}

function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as { then?: unknown }).then === "function";
}
