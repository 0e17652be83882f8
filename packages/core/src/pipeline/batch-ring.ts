import type { EmbedBackend } from "../backend.js";
import { DeviceError, InputError, NotFiniteError } from "../errors.js";
import { isRipvecError } from "../ripvec-error.js";
import type { AbortSignalLike } from "../signal.js";
import type { Row } from "./row.js";

interface RingOptions {
  readonly backends: readonly EmbedBackend[];
  /** Aborts the calls in flight. */
  readonly signal: AbortSignalLike;
  /** Called when a batch is complete and the next one was started. Must not throw. */
  readonly onDone: (rows: readonly Row[]) => void;
  /** Called when a batch failed. Must not throw. */
  readonly onError: (error: unknown) => void;
}

/** Runs batches on the backends, with up to `maxInFlight` of each in flight. The others wait. */
export class BatchRing {
  readonly #options: RingOptions;
  readonly #ready: Row[][] = [];
  readonly #inFlight = new Map<EmbedBackend, number>();
  readonly #running = new Set<Promise<void>>();

  constructor(options: RingOptions) {
    this.#options = options;
  }

  /** Sum of `maxInFlight` of all backends. */
  get capacity(): number {
    return this.#options.backends.reduce((sum, backend) => sum + backend.maxInFlight, 0);
  }

  /** Whether fewer batches wait than can be in flight at once. */
  get hasCapacity(): boolean {
    return this.#ready.length < this.capacity;
  }

  /** Whether no batch waits or runs. */
  get idle(): boolean {
    return this.#ready.length === 0 && this.#running.size === 0;
  }

  add(batches: readonly Row[][]): void {
    this.#ready.push(...batches);
    this.#pump();
  }

  /** Drops the batches that wait, and resolves when none runs. The caller aborts the signal before. */
  async stop(): Promise<void> {
    this.#ready.length = 0;
    await Promise.all(this.#running);
  }

  #pump(): void {
    for (const backend of this.#options.backends) {
      while (this.#ready.length > 0 && this.#count(backend) < backend.maxInFlight) {
        this.#start(backend, this.#ready.shift() ?? []);
      }
    }
  }

  #start(backend: EmbedBackend, rows: readonly Row[]): void {
    const { onDone, onError } = this.#options;
    this.#inFlight.set(backend, this.#count(backend) + 1);
    const running = this.#run(backend, rows).then((failure) => {
      this.#running.delete(running);
      this.#inFlight.set(backend, this.#count(backend) - 1);
      if (failure) onError(failure.error);
      this.#pump();
      if (!failure) onDone(rows);
    });
    this.#running.add(running);
  }

  #count(backend: EmbedBackend): number {
    return this.#inFlight.get(backend) ?? 0;
  }

  /** Never rejects: resolves with the error, if there is one. */
  async #run(backend: EmbedBackend, rows: readonly Row[]): Promise<{ error: unknown } | undefined> {
    try {
      const encodings = rows.map(({ encoding }) => encoding);
      const vectors = await backend.embedBatch(encodings, { signal: this.#options.signal });
      if (vectors.length !== rows.length) {
        const counts = `${vectors.length} vectors for ${rows.length} encodings`;
        throw new DeviceError(backend.name, `returned ${counts}`);
      }
      rows.forEach((row, i) => {
        row.embedding = vectors[i];
      });
      return undefined;
    } catch (error) {
      return { error: withTextIndex(error, rows) };
    }
  }
}

/** The error with the index of the text instead of that in the batch, which is the one that a backend states. */
function withTextIndex(error: unknown, rows: readonly Row[]): unknown {
  if (!isRipvecError(error)) return error;
  const row = rows[(error as { readonly index?: number }).index ?? -1];
  if (!row) return error;
  if (error.code === "DEVICE" && "element" in error) {
    const { driver, element, value, activations } = error as NotFiniteError;
    const facts = { item: "text", index: row.index, element, value, activations } as const;
    return new NotFiniteError(driver, facts);
  }
  if (error.code !== "INPUT") return error;
  const problem = error.message.replace(/^encoding \d+: /, "");
  return new InputError(`text ${row.index}: ${problem}`, { index: row.index, cause: error });
}
