import type { DriverPass, Kernels, OpName, SequenceLayout, Tensor } from "@ripvec/core/driver";
import { ArenaPlanner } from "./arena-planner.js";
import type { Command } from "./commands.js";
import type { SharedEngine } from "./engine.js";
import { GrowingBytes, GrowingNumbers } from "./growing.js";
import type { NativePart, NativePass } from "./native.js";
import { passError, withNativeErrors } from "./native-errors.js";

/** Where a tensor lies: the space as in runtime/command.h, and the byte offset inside it. */
export interface CpuStorage {
  readonly space: number;
  readonly byteOffset: number;
}

const absent: CpuStorage = { space: 0, byteOffset: 0 };
const arenaSpace = 1;
const inputSpace = 2;
const firstWeightSpace = 3;

type Args = Readonly<Record<string, unknown>>;

export const weightStorage = (weight: number): CpuStorage => ({
  space: firstWeightSpace + weight,
  byteOffset: 0,
});

export const weightOf = (storage: CpuStorage): number => storage.space - firstWeightSpace;

/**
 * Writes a pass as a command stream, whose parts run while the next ones are recorded. Its buffers
 * serve the next pass after `submit` or `abandon`.
 */
export class CpuPass implements DriverPass<CpuStorage> {
  readonly kernels: Kernels;
  readonly #engine: SharedEngine;
  readonly #done: (pass: CpuPass) => void;
  readonly #arena = new ArenaPlanner();
  readonly #commands = new GrowingNumbers();
  readonly #inputs = new GrowingBytes();
  #native: NativePass | undefined;
  /** Bytes of `#inputs` that the engine has. */
  #fedInputs = 0;

  constructor(engine: SharedEngine, done: (pass: CpuPass) => void) {
    this.#engine = engine;
    this.#done = done;
    const kernels: Partial<Record<OpName, (args: never) => void>> = {};
    for (const [name, command] of engine.commands.ops) {
      kernels[name] = (args: Args) => this.#record(command, args);
    }
    this.kernels = kernels as Kernels;
  }

  alloc(byteLength: number): CpuStorage {
    return { space: arenaSpace, byteOffset: this.#arena.alloc(byteLength) };
  }

  release(storage: CpuStorage): void {
    this.#arena.release(storage.byteOffset);
  }

  slice(storage: CpuStorage, byteOffset: number): CpuStorage {
    return { space: storage.space, byteOffset: storage.byteOffset + byteOffset };
  }

  input(bytes: Uint8Array): CpuStorage {
    return { space: inputSpace, byteOffset: this.#inputs.append(bytes) };
  }

  fill(storage: CpuStorage, byteLength: number, value: 0x00 | 0xff): void {
    this.#commands.push(this.#engine.commands.fill);
    this.#tensor(storage);
    this.#commands.push(byteLength);
    this.#commands.push(value);
  }

  /** Behind another pass nothing can start yet. */
  flush(): void {
    if (this.#engine.passes > 0) return;
    withNativeErrors(() => this.#engine.native.feed(this.#begun(), this.#nextPart()));
  }

  async submit(result: CpuStorage, byteLength: number): Promise<ArrayBuffer> {
    this.#engine.passes++;
    try {
      return await this.#submit(result, byteLength);
    } catch (error) {
      throw passError(error);
    } finally {
      this.#engine.passes--;
    }
  }

  abandon(): void {
    if (this.#native) this.#engine.native.abandon(this.#native);
    this.#native = undefined;
    this.#fedInputs = 0;
    this.#arena.reset();
    this.#commands.clear();
    this.#inputs.clear();
    this.#done(this);
  }

  /** Leaves the pass to the engine; one that it refuses is abandoned. */
  #submit({ space, byteOffset }: CpuStorage, byteLength: number): Promise<ArrayBuffer> {
    try {
      const place = [space, byteOffset, byteLength] as const;
      const finished = this.#engine.native.submit(this.#begun(), this.#nextPart(), place);
      this.#native = undefined;
      return finished;
    } finally {
      this.abandon();
    }
  }

  #begun(): NativePass {
    this.#native ??= this.#engine.native.begin();
    return this.#native;
  }

  /** What was recorded since the last one; valid until more is recorded. */
  #nextPart(): NativePart {
    const commands = this.#commands.view();
    this.#commands.clear();
    const inputs = this.#inputs.view();
    const newInputs = inputs.subarray(this.#fedInputs);
    this.#fedInputs = inputs.length;
    return { commands, inputs: newInputs, arenaBytes: this.#arena.peak };
  }

  #record({ code, tensors, numbers }: Command, args: Args): void {
    this.#commands.push(code);
    const layout = args.layout as SequenceLayout | undefined;
    if (layout) this.#tensor(layout.cuSeqlens.storage as CpuStorage);
    for (const name of tensors) {
      const tensor = args[name] as Tensor | undefined;
      this.#tensor(tensor ? (tensor.storage as CpuStorage) : absent);
    }
    if (layout) {
      this.#commands.push(layout.batch);
      this.#commands.push(layout.maxSeqLen);
    }
    for (const number of numbers(args as never)) this.#commands.push(number);
  }

  #tensor(storage: CpuStorage): void {
    this.#commands.push(storage.space);
    this.#commands.push(storage.byteOffset);
  }
}
