import type { DriverPass, Kernels, OpName } from "@ripvec/core/driver";
import type { NativePart, PassHandle } from "./addon.js";
import { ArenaPlanner } from "./arena-planner.js";
import { CommandStream, type NativeStorage } from "./command-stream.js";
import { encoders, fillCode } from "./generated/encoders.js";
import { GrowingBytes } from "./growing-bytes.js";
import { passError, withNativeErrors } from "./native-errors.js";
import type { SharedEngine } from "./shared-engine.js";

const arenaSpace = 1;
const inputSpace = 2;
const firstWeightSpace = 3;

/** The dtype of the activations in a command that has none. */
const anyDType = 0;

export const weightStorage = (weight: number): NativeStorage => ({
  space: firstWeightSpace + weight,
  byteOffset: 0,
});

export const weightOf = (storage: NativeStorage): number => storage.space - firstWeightSpace;

/**
 * Records a pass as a command stream, whose parts run while the next ones are recorded. After `submit` or `abandon`
 * it records the next pass in the same buffers.
 */
export class NativePass implements DriverPass<NativeStorage> {
  readonly kernels: Kernels<NativeStorage>;
  readonly #engine: SharedEngine;
  readonly #done: (pass: NativePass) => void;
  readonly #arena = new ArenaPlanner();
  readonly #commands = new CommandStream();
  readonly #inputs = new GrowingBytes();
  #handle: PassHandle | undefined;
  /** Number of bytes of `#inputs` that the engine has. */
  #fedInputs = 0;

  constructor(engine: SharedEngine, done: (pass: NativePass) => void) {
    this.#engine = engine;
    this.#done = done;
    this.kernels = recordingKernels(engine.kernels, this.#commands);
  }

  alloc(byteLength: number): NativeStorage {
    return { space: arenaSpace, byteOffset: this.#arena.alloc(byteLength) };
  }

  release(storage: NativeStorage): void {
    this.#arena.release(storage.byteOffset);
  }

  slice(storage: NativeStorage, byteOffset: number): NativeStorage {
    return { space: storage.space, byteOffset: storage.byteOffset + byteOffset };
  }

  input(bytes: Uint8Array): NativeStorage {
    return { space: inputSpace, byteOffset: this.#inputs.append(bytes) };
  }

  fill(storage: NativeStorage, byteLength: number, value: 0x00 | 0xff): void {
    this.#commands.number(fillCode);
    this.#commands.number(anyDType);
    this.#commands.place(storage);
    this.#commands.number(byteLength);
    this.#commands.number(value);
  }

  /**
   * Does nothing while another pass is in flight: a device that computes in `run` could not start the part. A device that
   * only records in `run` gets such a pass as a whole too, when it is submitted.
   */
  flush(): void {
    if (this.#engine.passes > 0) return;
    const { driver, native } = this.#engine;
    withNativeErrors(driver, () => native.feed(this.#begun(), this.#nextPart()));
  }

  async submit(result: NativeStorage, byteLength: number): Promise<ArrayBuffer> {
    this.#engine.passes++;
    try {
      return await this.#submit(result, byteLength);
    } catch (error) {
      throw passError(this.#engine.driver, error);
    } finally {
      this.#engine.passes--;
    }
  }

  abandon(): void {
    if (this.#handle) this.#engine.native.abandon(this.#handle);
    this.#handle = undefined;
    this.#fedInputs = 0;
    this.#arena.reset();
    this.#commands.clear();
    this.#inputs.clear();
    this.#done(this);
  }

  /** Hands the pass over to the engine. A pass that the engine refuses is abandoned. */
  #submit({ space, byteOffset }: NativeStorage, byteLength: number): Promise<ArrayBuffer> {
    try {
      const place = [space, byteOffset, byteLength] as const;
      const finished = this.#engine.native.submit(this.#begun(), this.#nextPart(), place);
      this.#handle = undefined;
      return finished;
    } finally {
      this.abandon();
    }
  }

  #begun(): PassHandle {
    this.#handle ??= this.#engine.native.begin();
    return this.#handle;
  }

  /** What was recorded since the previous part; valid until more is recorded. */
  #nextPart(): NativePart {
    const commands = this.#commands.view();
    this.#commands.clear();
    const inputs = this.#inputs.view();
    const newInputs = inputs.subarray(this.#fedInputs);
    this.#fedInputs = inputs.length;
    return { commands, inputs: newInputs, arenaBytes: this.#arena.peak };
  }
}

/** Kernels that write each of `ops` into `stream`. */
function recordingKernels(ops: readonly OpName[], stream: CommandStream): Kernels<NativeStorage> {
  const kernels: Partial<Record<OpName, (args: never) => void>> = {};
  for (const name of ops) {
    const encode: (stream: CommandStream, args: never) => void = encoders[name];
    kernels[name] = (args) => encode(stream, args);
  }
  return kernels as Kernels<NativeStorage>;
}
