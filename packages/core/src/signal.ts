/** The part of the standard AbortSignal that core uses. Every AbortSignal has it. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** What an aborted call rejects with: the signal's reason, or an AbortError if it has none. */
export function abortReason(signal: AbortSignalLike): unknown {
  if (signal.reason !== undefined) return signal.reason;
  const error = new Error("aborted");
  error.name = "AbortError";
  return error;
}

/** The listeners of one signal. The signal itself gets a single listener. */
class Relay {
  readonly #signal: AbortSignalLike;
  readonly #listeners = new Set<() => void>();

  constructor(signal: AbortSignalLike) {
    this.#signal = signal;
  }

  add(listener: () => void): void {
    if (this.#listeners.size === 0) this.#signal.addEventListener("abort", this.#onAbort);
    this.#listeners.add(listener);
  }

  delete(listener: () => void): void {
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
    this.#signal.removeEventListener("abort", this.#onAbort);
  }

  readonly #onAbort = (): void => {
    for (const listener of [...this.#listeners]) listener();
  };
}

const relays = new WeakMap<AbortSignalLike, Relay>();

/**
 * Calls `listener`, which must not throw, when the signal is aborted. The returned function removes it. A signal gets a
 * single listener even if many calls share it, since Node warns of a leak at eleven.
 */
export function onAbort(signal: AbortSignalLike, listener: () => void): () => void {
  const relay = relays.get(signal) ?? new Relay(signal);
  relays.set(signal, relay);
  relay.add(listener);
  return () => relay.delete(listener);
}

/** A minimal AbortController and its signal in one, for use inside core, which has no types of a platform. */
export class Aborter implements AbortSignalLike {
  aborted = false;
  reason: unknown;
  readonly #listeners = new Set<() => void>();

  addEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /** Only the first call has an effect. */
  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const listener of [...this.#listeners]) listener();
  }
}
