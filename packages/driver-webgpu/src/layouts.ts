import { shaderStageCompute } from "./constants.js";

/** Bytes of parameters that a dispatch can have. */
export const paramsBytes = 128;

/** How a kernel's bindings look: reads, then writes, then the parameters. */
export interface Layout {
  readonly group: GPUBindGroupLayout;
  readonly pipeline: GPUPipelineLayout;
}

const ofDevices = new WeakMap<GPUDevice, Layouts>();

/** The layouts of a device, made when first asked for. */
export class Layouts {
  readonly #device: GPUDevice;
  readonly #layouts = new Map<string, Layout>();

  private constructor(device: GPUDevice) {
    this.#device = device;
  }

  static of(device: GPUDevice): Layouts {
    const layouts = ofDevices.get(device) ?? new Layouts(device);
    ofDevices.set(device, layouts);
    return layouts;
  }

  get(reads: number, writes: number): Layout {
    const key = `${reads}/${writes}`;
    const layout = this.#layouts.get(key) ?? this.#make(reads, writes);
    this.#layouts.set(key, layout);
    return layout;
  }

  #make(reads: number, writes: number): Layout {
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
