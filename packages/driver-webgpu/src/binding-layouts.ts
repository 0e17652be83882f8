import { shaderStageCompute } from "./constants.js";

/** Largest size of the parameters of one dispatch, in bytes. */
export const paramsBytes = 128;

/** Layout of a kernel's bindings: reads, then writes, then the parameters. */
export interface BindingLayout {
  readonly group: GPUBindGroupLayout;
  readonly pipeline: GPUPipelineLayout;
}

const ofDevices = new WeakMap<GPUDevice, BindingLayouts>();

/** The binding layouts of a device. Each is created when it is first needed. */
export class BindingLayouts {
  readonly #device: GPUDevice;
  readonly #layouts = new Map<string, BindingLayout>();

  private constructor(device: GPUDevice) {
    this.#device = device;
  }

  static of(device: GPUDevice): BindingLayouts {
    const layouts = ofDevices.get(device) ?? new BindingLayouts(device);
    ofDevices.set(device, layouts);
    return layouts;
  }

  get(reads: number, writes: number): BindingLayout {
    const key = `${reads}/${writes}`;
    const layout = this.#layouts.get(key) ?? this.#make(reads, writes);
    this.#layouts.set(key, layout);
    return layout;
  }

  #make(reads: number, writes: number): BindingLayout {
    const types: GPUBufferBindingLayout[] = [
      ...new Array<GPUBufferBindingLayout>(reads).fill({ type: "read-only-storage" }),
      ...new Array<GPUBufferBindingLayout>(writes).fill({ type: "storage" }),
      { type: "uniform", hasDynamicOffset: true, minBindingSize: paramsBytes },
    ];
    const visibility = shaderStageCompute;
    const group = this.#device.createBindGroupLayout({
      entries: types.map((buffer, binding) => ({ binding, visibility, buffer })),
    });
    const pipeline = this.#device.createPipelineLayout({ bindGroupLayouts: [group] });
    return { group, pipeline };
  }
}
