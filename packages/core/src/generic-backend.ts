import type { EmbedBackend, EmbedOptions } from "./backend.js";
import type { GenericBackendOptions } from "./backend-options.js";
import type { Driver } from "./driver.js";
import type { ActivationDType, WeightDType } from "./dtype.js";
import { EmbedCall, EmbedQueue, type RowError } from "./embed-queue.js";
import type { Encoding } from "./encoding.js";
import { ClosedError, DeviceError, NotFiniteError } from "./errors.js";
import { expectPart } from "./expect-part.js";
import { loadModel, type SharedModel } from "./load-model.js";
import { packBatch } from "./pack-batch.js";
import { abortReason } from "./signal.js";
import { takeEncodings } from "./take-encodings.js";
import { vectorOf } from "./vector-of.js";

/** An EmbedBackend made of a driver and an architecture. */
export class GenericBackend implements EmbedBackend {
  readonly name: string;
  readonly dim: number;
  readonly maxTokens: number;
  readonly maxBatch: number;
  readonly maxBatchTokens: number;
  readonly isGpu: boolean;
  readonly maxInFlight: number;
  readonly supportsClone: boolean;
  /** Dtype of the matrices of the encoder. */
  readonly weightDtype: WeightDType;
  /** Dtype of the activations of the encoder. */
  readonly activations: ActivationDType;
  readonly #shared: SharedModel;
  readonly #driver: Driver;
  readonly #queue: EmbedQueue;
  #closing: Promise<void> | undefined;

  private constructor(shared: SharedModel, driver: Driver) {
    const { capabilities } = driver;
    this.name = shared.name;
    this.dim = shared.shortening.dim;
    this.maxTokens = shared.maxTokens;
    this.maxBatch = shared.maxBatch;
    this.maxBatchTokens = shared.maxBatchTokens;
    this.isGpu = capabilities.isGpu;
    this.maxInFlight = capabilities.maxInFlight;
    this.supportsClone = driver.supportsClone;
    this.weightDtype = shared.loaded.weightDtype ?? "f32";
    this.activations = shared.loaded.activations ?? "f32";
    this.#shared = shared;
    this.#driver = driver;
    const { maxBatch, maxBatchTokens, loaded } = shared;
    const limits = {
      maxBatch,
      maxBatchTokens,
      padded: loaded.batchKind === "padded",
      maxInFlight: this.maxInFlight,
      minTokensWhileBusy: capabilities.overlapsPasses ? 0 : maxBatchTokens / 2,
    };
    this.#queue = new EmbedQueue(limits, (encodings) => this.#embed(encodings));
  }

  /**
   * Loads the model onto the driver. If the driver needs a warm-up, a pass of full size is run, so that pipelines and
   * memory are ready for later ones. Throws ArgumentError for a part of another kind, SpecVersionError, InputError for options out of range, UnsupportedError for
   * a dtype that the driver or the architecture lacks, and what the architecture or the warm-up throws. If it throws,
   * the driver is closed.
   */
  static async create(options: GenericBackendOptions): Promise<GenericBackend> {
    const { driver } = options;
    expectPart("driver", driver);
    try {
      const backend = new GenericBackend(await loadModel(options), driver);
      if (driver.capabilities.needsWarmUp) await backend.#warmUp();
      return backend;
    } catch (error) {
      await driver.close().catch(() => {});
      throw error;
    }
  }

  /** The encodings are copied before this returns, so the caller may change them afterwards. */
  async embedBatch(
    encodings: readonly Encoding[],
    { signal }: EmbedOptions = {},
  ): Promise<Float32Array[]> {
    this.#assertOpen();
    if (signal?.aborted) throw abortReason(signal);
    const { loaded, maxTokens } = this.#shared;
    const { vocabSize, tokenTypes, poolsPrompt = true } = loaded;
    const limits = { maxTokens, vocabSize, tokenTypes, poolsPrompt };
    const taken = takeEncodings(encodings, limits);
    if (taken.length === 0) return [];
    const call = new EmbedCall(taken, signal);
    this.#queue.add(call);
    return call.result;
  }

  clone(): GenericBackend {
    this.#assertOpen();
    return new GenericBackend(this.#shared, this.#driver.clone());
  }

  /**
   * A version, then all that shapes a vector: weights, pooling, normalisation, dtypes and length. The version, now `v2`,
   * changes when the same model and options give other vectors than before, by more than rounding. The driver is not
   * part of it, since all drivers compute the same up to rounding, nor is `maxTokens`, which decides which texts fit.
   */
  async fingerprint(): Promise<string> {
    this.#assertOpen();
    return this.#shared.fingerprint();
  }

  close(): Promise<void> {
    this.#closing ??= this.#queue.close(this.#what).then(() => this.#driver.close());
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #what(): string {
    return `backend ${this.name}`;
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new ClosedError(this.#what);
  }

  async #embed(encodings: readonly Encoding[]): Promise<(Float32Array | RowError)[]> {
    const { loaded, shortening } = this.#shared;
    const values = await this.#pass(encodings);
    return encodings.map((_, row) => {
      const whole = values.subarray(row * loaded.dim, (row + 1) * loaded.dim);
      const element = firstNotFinite(whole);
      if (element === -1) return vectorOf(whole, shortening);
      const value = whole[element] ?? Number.NaN;
      const facts = { item: "encoding", element, value, activations: this.activations } as const;
      return (index) => new NotFiniteError(this.#driver.name, { ...facts, index });
    });
  }

  async #pass(encodings: readonly Encoding[]): Promise<Float32Array> {
    const { loaded } = this.#shared;
    const batch = packBatch(encodings, loaded.batchKind);
    const values = await this.#driver.run((ops) => loaded.forward(ops, batch));
    const expected = batch.size * loaded.dim;
    if (!(values instanceof Float32Array) || values.length !== expected) {
      throw new DeviceError(
        this.#driver.name,
        `must return f32 [${batch.size}, ${loaded.dim}], got ${values.length} values in a ${values.constructor.name}`,
      );
    }
    return values;
  }

  async #warmUp(): Promise<void> {
    const { maxTokens, maxBatchTokens, maxBatch } = this.#shared;
    const length = Math.min(maxTokens, maxBatchTokens);
    const count = Math.min(maxBatch, Math.floor(maxBatchTokens / length));
    const encoding = { inputIds: new Int32Array(length) };
    await this.#pass(new Array<Encoding>(count).fill(encoding));
  }
}

/** Index of the first such element, or −1. It is a loop because a callback would allocate an object for each element. */
function firstNotFinite(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}
