import { BindingLayouts } from "./binding-layouts.js";
import type { Counters } from "./counters.js";
import { type KernelSource, moduleName, moduleText } from "./shader.js";

/** A pipeline that is compiled or being compiled. */
export interface Pipeline {
  readonly op: string;
  /** Set once `ready` has resolved. */
  gpu: GPUComputePipeline | undefined;
  /** Resolves with the error if the pipeline cannot be compiled, else with undefined. */
  readonly ready: Promise<Error | undefined>;
}

interface Module {
  readonly gpu: GPUShaderModule;
  /** The errors in the text of a shader, with their lines. Never rejects. */
  readonly error: Promise<Error | undefined>;
}

const ofDevices = new WeakMap<GPUDevice, Pipelines>();

/**
 * Compiles each pipeline once, in the background, when a pass first records it. A pipeline that failed is compiled again
 * for the next pass. Drivers on one device share the pipelines.
 */
export class Pipelines {
  readonly #device: GPUDevice;
  readonly #layouts: BindingLayouts;
  readonly #modules = new Map<string, Module>();
  readonly #pipelines = new Map<string, Pipeline>();

  private constructor(device: GPUDevice) {
    this.#device = device;
    this.#layouts = BindingLayouts.of(device);
  }

  static of(device: GPUDevice): Pipelines {
    const pipelines = ofDevices.get(device) ?? new Pipelines(device);
    ofDevices.set(device, pipelines);
    return pipelines;
  }

  /** `counters`: those of the driver that records the pass. */
  get(source: KernelSource, counters: Counters): Pipeline {
    const { constants } = source;
    const name = moduleName(source);
    const key = constants ? `${name}${JSON.stringify(constants)}` : name;
    const known = this.#pipelines.get(key);
    if (known) return known;
    counters.pipelines++;
    const { gpu: module, error: textError } = this.#module(name, source);
    const compiling = this.#device.createComputePipelineAsync({
      label: name,
      layout: this.#layoutOf(source),
      compute: { module, ...(constants && { constants }) },
    });
    const made: Pipeline = {
      op: source.kernel.name,
      gpu: undefined,
      ready: compiling.then(
        (gpu) => {
          made.gpu = gpu;
          return undefined;
        },
        async (error: Error) => {
          this.#pipelines.delete(key);
          return (await textError) ?? error;
        },
      ),
    };
    this.#pipelines.set(key, made);
    return made;
  }

  #layoutOf({ reads, writes }: KernelSource): GPUPipelineLayout {
    return this.#layouts.get(Object.keys(reads).length, Object.keys(writes).length).pipeline;
  }

  /** Every pipeline of a module whose text is wrong fails with the error of the text. */
  #module(name: string, source: KernelSource): Module {
    const known = this.#modules.get(name);
    if (known) return known;
    this.#device.pushErrorScope("validation");
    const gpu = this.#device.createShaderModule({ label: name, code: moduleText(source) });
    const error = this.#device.popErrorScope().then(
      (found) => (found ? new Error(found.message) : undefined),
      () => undefined,
    );
    const made = { gpu, error };
    this.#modules.set(name, made);
    return made;
  }
}
