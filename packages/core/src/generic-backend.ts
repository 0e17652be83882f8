import type { LoadedModel, ModelArch, ModelSource, Pooling } from "./arch.js";
import type { EmbedBackend, EmbedOptions } from "./backend.js";
import { expectActivationDType, expectWeightDType } from "./check-weight.js";
import type { Driver } from "./driver.js";
import { specVersion } from "./driver-implementation.js";
import type { ActivationDType, WeightDType } from "./dtype.js";
import { EmbedCall, EmbedQueue, type RowError } from "./embed-queue.js";
import type { Encoding } from "./encoding.js";
import {
  ClosedError,
  DeviceError,
  InputError,
  NotFiniteError,
  SpecVersionError,
  UnsupportedError,
} from "./errors.js";
import { packBatch } from "./pack-batch.js";
import { type Shortening, shorteningOf, truncateDimOf } from "./shorten.js";
import { abortReason } from "./signal.js";
import { takeEncodings } from "./take-encodings.js";
import { vectorOf } from "./vector-of.js";
import type { WeightSource } from "./weights.js";

export interface GenericBackendOptions {
  /** Owned by the backend from here on: `close` closes it, and so does a `create` that fails. */
  readonly driver: Driver;
  readonly arch: ModelArch;
  /**
   * Read while the backend is created, and by `fingerprint` where its weights lie in files. Stays the caller's;
   * weights that lie in memory are free once the caller lets go of the model.
   */
  readonly model: ModelSource;
  /** Instead of the model's own pooling. */
  readonly pooling?: Pooling | undefined;
  /** Instead of the model's own choice. */
  readonly normalize?: boolean | undefined;
  /**
   * What the matrices and tables of the encoder are kept in. Default: matrices f32, or i8 for a checkpoint in 8 bits;
   * tables stay as stored; both where the driver has that dtype. One of the driver's `weightDtypes`: f16 and bf16
   * halve their memory, i8 quarters it and may compute with integers.
   */
  readonly dtype?: WeightDType | undefined;
  /**
   * What the activations of the encoder are kept in. Default: f32. One of the driver's `dtypes`: f16 halves the memory
   * that a pass reads and writes, and holds no value beyond 65,504; a text that needs one rejects with NotFiniteError.
   */
  readonly activations?: ActivationDType | undefined;
  /** Length of the vectors (Matryoshka): their head is kept. Default: the model's `truncateDim`, else all. */
  readonly dimensions?: number | undefined;
  /**
   * Whether a shortened vector of a model that normalises is scaled to length 1 again. Default: true with
   * `dimensions` or `normalize: true`; false, which is sentence-transformers' way, for the model's `truncateDim`.
   */
  readonly renormalize?: boolean | undefined;
  /** Below the model's own limit. */
  readonly maxTokens?: number | undefined;
  /** Tokens in one batch; default: what the driver prefers. A longer encoding goes alone. */
  readonly maxBatchTokens?: number | undefined;
  /** Encodings in one batch; default 256. */
  readonly maxBatch?: number | undefined;
}

/** What a backend and its clones share. */
interface Shared {
  readonly name: string;
  readonly loaded: LoadedModel;
  readonly shortening: Shortening;
  readonly maxTokens: number;
  readonly maxBatchTokens: number;
  readonly maxBatch: number;
  readonly fingerprint: () => Promise<string>;
}

/** A driver and an architecture as an EmbedBackend. */
export class GenericBackend implements EmbedBackend {
  readonly name: string;
  readonly dim: number;
  readonly maxTokens: number;
  readonly maxBatch: number;
  readonly maxBatchTokens: number;
  readonly isGpu: boolean;
  readonly maxInFlight: number;
  readonly supportsClone: boolean;
  /** What the matrices of the encoder are kept in. */
  readonly weightDtype: WeightDType;
  /** What the activations of the encoder are kept in. */
  readonly activations: ActivationDType;
  readonly #shared: Shared;
  readonly #driver: Driver;
  readonly #queue: EmbedQueue;
  #closing: Promise<void> | undefined;

  private constructor(shared: Shared, driver: Driver) {
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
      minTokensBeside: capabilities.overlapsPasses ? 0 : maxBatchTokens / 2,
    };
    this.#queue = new EmbedQueue(limits, (encodings) => this.#embed(encodings));
  }

  /**
   * Loads the model onto the driver, and where the driver needs it runs a pass of full size, so that later ones find
   * pipelines and memory ready. Throws SpecVersionError, InputError for options out of range,
   * UnsupportedError for a dtype that the driver or the architecture lacks, what the architecture
   * throws, or what the warm-up pass throws; in every case the driver is closed.
   */
  static async create(options: GenericBackendOptions): Promise<GenericBackend> {
    const { driver } = options;
    try {
      checkSpecVersion(driver);
      const backend = new GenericBackend(await load(options), driver);
      if (driver.capabilities.needsWarmUp) await backend.#warmUp();
      return backend;
    } catch (error) {
      await driver.close().catch(() => {});
      throw error;
    }
  }

  /** The encodings are copied before this returns: they may change afterwards. */
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
   * A version, then what shapes a vector: weights, pooling, normalisation, dtypes and length. The version, now `v2`,
   * changes when the same model and options give other vectors than before, by more than rounding. The driver is left
   * out, since all drivers compute the same up to rounding, and so is `maxTokens`, which decides which texts fit.
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
      throw new DeviceError(this.#driver.name, `returned no [${batch.size}, ${loaded.dim}] of f32`);
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

/** -1: all are finite. A loop, since a callback would get every element in a box of its own. */
function firstNotFinite(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}

function checkSpecVersion(driver: Driver): void {
  if (driver.specVersion === specVersion) return;
  throw new SpecVersionError({
    driver: driver.name,
    expected: specVersion,
    actual: driver.specVersion,
  });
}

async function load(options: GenericBackendOptions): Promise<Shared> {
  const { driver, arch, model, pooling, normalize, dtype, activations } = options;
  expectWeightDType(driver, dtype ?? "f32");
  expectActivationDType(driver, activations ?? "f32");
  const huge = Number.MAX_SAFE_INTEGER;
  const { preferredBatchTokens } = driver.capabilities;
  const maxBatchTokens = limit(
    "maxBatchTokens",
    options.maxBatchTokens,
    preferredBatchTokens,
    huge,
  );
  const maxBatch = limit("maxBatch", options.maxBatch, 256, huge);
  const truncateDim = truncateDimOf(model);
  const loaded = await arch.load(driver, model, { pooling, normalize, dtype, activations });
  checkLoadedDTypes(arch, loaded, { dtype, activations });
  const hashes = sourcesOf(model).map(hashOf);
  const shortening = shorteningOf(options, truncateDim, loaded);
  const maxTokens = limit("maxTokens", options.maxTokens, loaded.maxTokens, loaded.maxTokens);
  return {
    name: `${driver.name}/${arch.name}`,
    loaded,
    shortening,
    maxTokens,
    maxBatchTokens,
    maxBatch,
    fingerprint: () => fingerprintOf(hashes, loaded, shortening.name),
  };
}

/** An architecture that ignores a dtype which was asked for must not pass for one that honours it. */
function checkLoadedDTypes(
  { name }: ModelArch,
  loaded: LoadedModel,
  asked: Pick<GenericBackendOptions, "dtype" | "activations">,
): void {
  const { weightDtype = "f32", activations = "f32" } = loaded;
  const dtypes = [
    { what: "weight dtype", value: asked.dtype, actual: weightDtype },
    { what: "dtype of activations", value: asked.activations ?? "f32", actual: activations },
  ];
  for (const { what, value, actual } of dtypes) {
    if (value === undefined || value === actual) continue;
    const facts = { what: `${what} of architecture ${name}`, value, supported: [actual] };
    throw new UnsupportedError(facts);
  }
}

function limit(name: string, value: number | undefined, byDefault: number, most: number): number {
  if (value === undefined) return byDefault;
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? "from 1 up" : `in 1 … ${most}`;
  throw new InputError(`${name} must be a whole number ${range}, got ${value}`);
}

function sourcesOf({ weights, modules = [] }: ModelSource): readonly WeightSource[] {
  const own = modules.flatMap((module) => (module.weights ? [module.weights] : []));
  return [...new Set([weights, ...own])];
}

type Hash = () => Promise<string>;

/** The hash when it is asked for, of a source in memory at once: what is given does not hold that source. */
function hashOf(source: WeightSource): Hash {
  return source.inMemory ? always(source.hash()) : () => source.hash();
}

function always(hash: Promise<string>): Hash {
  hash.catch(() => {});
  return () => hash;
}

/** Changes when the same model and options give other vectors than before, by more than rounding. */
const fingerprintVersion = "v2";

async function fingerprintOf(
  hashes: readonly Hash[],
  { signature, activations = "f32", weightDtype = "f32" }: LoadedModel,
  length: string,
): Promise<string> {
  const dtypes = weightDtype === "f32" ? [activations] : [activations, `${weightDtype} weights`];
  const all = await Promise.all(hashes.map((hash) => hash()));
  return [fingerprintVersion, signature, ...dtypes, length, ...all].join("/");
}
