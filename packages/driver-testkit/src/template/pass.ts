import { DeviceError } from "@ripvec/core";
import type { DriverPass, KernelArgs, Kernels, OpName } from "@ripvec/core/driver";
import { type Kernel, type KernelTable, type Memory, runKernel } from "./kernel.js";

/** One pass: a list of steps, which `submit` runs. Recording computes nothing. */
export class TemplatePass implements DriverPass<Memory> {
  readonly kernels: Kernels<Memory>;
  readonly #driverName: string;
  readonly #free: Memory[] = [];
  #steps: (() => void)[] = [];

  constructor(driverName: string, table: KernelTable) {
    this.#driverName = driverName;
    const names = Object.keys(table) as OpName[];
    this.kernels = Object.fromEntries(
      names.map((name) => [name, this.#recorder(name, table[name] as Kernel<OpName>)]),
    );
  }

  /** Copies the arguments, so that the caller may change its object afterwards. */
  #recorder<K extends OpName>(name: K, kernel: Kernel<K>): (args: KernelArgs<K, Memory>) => void {
    return (args) => {
      const copy = { ...args };
      this.#steps.push(() => runKernel(name, kernel, copy));
    };
  }

  /** Reuses released memory: the smallest block that is large enough. */
  alloc(byteLength: number): Memory {
    let best = -1;
    this.#free.forEach((block, i) => {
      const size = block.byteLength;
      if (size >= byteLength && (best < 0 || size < (this.#free[best]?.byteLength ?? 0))) best = i;
    });
    const [recycled] = best < 0 ? [] : this.#free.splice(best, 1);
    return recycled ?? { buffer: new ArrayBuffer(byteLength), byteOffset: 0, byteLength };
  }

  release(memory: Memory): void {
    this.#free.push(memory);
  }

  slice({ buffer, byteOffset }: Memory, from: number, byteLength: number): Memory {
    return { buffer, byteOffset: byteOffset + from, byteLength };
  }

  input(bytes: Uint8Array): Memory {
    const buffer = new ArrayBuffer(bytes.byteLength);
    new Uint8Array(buffer).set(bytes);
    return { buffer, byteOffset: 0, byteLength: bytes.byteLength };
  }

  /** Fills as a recorded step, since earlier steps may still read the memory. */
  fill({ buffer, byteOffset }: Memory, byteLength: number, value: 0x00 | 0xff): void {
    this.#steps.push(() => new Uint8Array(buffer, byteOffset, byteLength).fill(value));
  }

  async submit({ buffer, byteOffset }: Memory, byteLength: number): Promise<ArrayBuffer> {
    await Promise.resolve();
    try {
      for (const step of this.#steps) step();
    } catch (cause) {
      throw new DeviceError(this.#driverName, "a kernel failed", { cause });
    } finally {
      this.#steps = [];
    }
    return buffer.slice(byteOffset, byteOffset + byteLength);
  }

  abandon(): void {
    this.#steps = [];
  }
}
