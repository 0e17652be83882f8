import type { Counters } from "./counters.js";
import { Layouts } from "./layouts.js";
import { type KernelSource, moduleName, moduleText } from "./shader.js";

/** A pipeline that is compiled, or about to be. */
export interface Pipeline {
  readonly op: string;
  /** Set once `ready` has resolved. */
  gpu: GPUComputePipeline | undefined;
  /** Resolves with the error when the pipeline cannot be made. */
  readonly ready: Promise<Error | undefined>;
}

const ofDevices = new WeakMap<GPUDevice, Pipelines>();

/**
 * Compiles each pipeline once, in the background, from the moment that a pass first needs it; one that could not
 * be made is tried again by the next pass. Drivers on one device share them.
 */
export class Pipelines {
  readonly #device: GPUDevice;
  readonly #layouts: Layouts;
  readonly #modules = new Map<string, GPUShaderModule>();
  readonly #pipelines = new Map<string, Pipeline>();

  private constructor(device: GPUDevice) {
    this.#device = device;
    this.#layouts = Layouts.of(device);
  }

  static of(device: GPUDevice): Pipelines {
    const pipelines = ofDevices.get(device) ?? new Pipelines(device);
    ofDevices.set(device, pipelines);
    return pipelines;
  }

  /** `counters`: of the driver that needs it. */
  get(source: KernelSource, reads: number, writes: number, counters: Counters): Pipeline {
    const name = moduleName(source);
    const key = `${name}${JSON.stringify(source.constants)}${reads}/${writes}`;
    const known = this.#pipelines.get(key);
    if (known) return known;
    counters.pipelines++;
    const compiling = this.#device.createComputePipelineAsync({
      label: name,
      layout: this.#layouts.get(reads, writes).pipeline,
      compute: { module: this.#module(name, source), constants: source.constants },
    });
    const made: Pipeline = {
      op: source.kernel.name,
      gpu: undefined,
      ready: compiling.then(
        (gpu) => {
          made.gpu = gpu;
          return undefined;
        },
        (error: Error) => {
          this.#pipelines.delete(key);
          return error;
        },
      ),
    };
    this.#pipelines.set(key, made);
    return made;
  }

  /** An error in the text is the error of every pipeline made of it. */
  #module(name: string, source: KernelSource): GPUShaderModule {
    const known = this.#modules.get(name);
    if (known) return known;
    this.#device.pushErrorScope("validation");
    const made = this.#device.createShaderModule({ label: name, code: moduleText(source) });
    this.#device.popErrorScope().catch(() => {});
    this.#modules.set(name, made);
    return made;
  }
}
