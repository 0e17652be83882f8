import { BindingLayouts, paramsBytes } from "./binding-layouts.js";
import type { DeviceBuffer } from "./buffers.js";
import type { Counters } from "./counters.js";

/** Bind groups by the buffers that they hold. */
export class BindGroups {
  readonly #device: GPUDevice;
  readonly #counters: Counters;
  readonly #layouts: BindingLayouts;
  readonly #groups = new Map<string, GPUBindGroup>();

  constructor(device: GPUDevice, counters: Counters) {
    this.#device = device;
    this.#counters = counters;
    this.#layouts = BindingLayouts.of(device);
  }

  /** Returns the group of `buffers`: those that are read, then those that are written. */
  get(reads: number, buffers: readonly DeviceBuffer[], params: DeviceBuffer): GPUBindGroup {
    const key = `${reads}:${buffers.map(({ id }) => id).join()},${params.id},`;
    const known = this.#groups.get(key);
    if (known) return known;
    const group = this.#device.createBindGroup({
      layout: this.#layouts.get(reads, buffers.length - reads).group,
      entries: [
        ...buffers.map(({ gpu }, binding) => ({ binding, resource: { buffer: gpu } })),
        { binding: buffers.length, resource: { buffer: params.gpu, size: paramsBytes } },
      ],
    });
    this.#counters.bindGroups++;
    this.#groups.set(key, group);
    return group;
  }

  /** Drops the groups that hold the buffer. */
  forget(bufferId: number): void {
    const pattern = new RegExp(`[:,]${bufferId},`);
    for (const key of this.#groups.keys()) if (pattern.test(key)) this.#groups.delete(key);
  }
}
