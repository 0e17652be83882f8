import type { Driver, WeightDType } from "@ripvec/core";
import {
  createDriver,
  type DriverPass,
  type TensorRole,
  type WeightView,
} from "@ripvec/core/driver";
import { templateKernels } from "../../src/generated/template-kernels.js";
import type { KernelTable, KernelTensor, Memory } from "../../src/template/kernel.js";
import { TemplateImplementation } from "../../src/template/template-driver.js";

/** The template driver with one mistake. */
export interface Mutant {
  readonly name: string;
  /** The name of the test of the kit that must fail. */
  readonly caughtBy: string;
  /** What the message of the failure must say. */
  readonly message?: RegExp;
  /** The time limit of the test, for a mutant that never ends. */
  readonly timeoutMs?: number;
  create(): Driver;
}

/** Replaces kernels, or adds wrong fused ones. */
export function wrongKernels(name: string, caughtBy: string, kernels: KernelTable): Mutant {
  const table = { ...templateKernels, ...kernels };
  return { name, caughtBy, create: () => createDriver(new TemplateImplementation(table, {})) };
}

/** Changes every pass of a driver; `state` lives as long as the driver. */
export function wrongPass<State>(
  name: string,
  caughtBy: string,
  newState: () => State,
  change: (pass: DriverPass<Memory>, state: State) => DriverPass<Memory>,
): Mutant {
  class Wrong extends TemplateImplementation {
    readonly #state = newState();
    override beginPass(): DriverPass<Memory> {
      return change(super.beginPass(), this.#state);
    }
  }
  return wrongImplementation(name, caughtBy, () => new Wrong(templateKernels, {}));
}

export function wrongImplementation(
  name: string,
  caughtBy: string,
  create: () => TemplateImplementation,
): Mutant {
  return { name, caughtBy, create: () => createDriver(create()) };
}

/** Makes a weight in place of the template, which would make `right()`. */
export type MakeWeight = (
  given: { readonly view: WeightView; readonly role: TensorRole; readonly dtype: WeightDType },
  right: () => Memory,
) => Memory;

export function wrongWeights(name: string, caughtBy: string, make: MakeWeight): Mutant {
  class Wrong extends TemplateImplementation {
    override createWeight(view: WeightView, role: TensorRole, dtype: WeightDType): Memory {
      return make({ view, role, dtype }, () => super.createWeight(view, role, dtype));
    }
  }
  return wrongImplementation(name, caughtBy, () => new Wrong(templateKernels, {}));
}

/** A weight that is in memory as f32. */
export function floatWeight(values: Float32Array<ArrayBuffer>): Memory {
  const { buffer, byteLength } = values;
  return { buffer, byteOffset: 0, byteLength, isWeight: true };
}

/** A pass with some methods replaced. */
export function withMethods(
  pass: DriverPass<Memory>,
  methods: Partial<DriverPass<Memory>>,
): DriverPass<Memory> {
  return {
    kernels: pass.kernels,
    alloc: (byteLength) => pass.alloc(byteLength),
    release: (memory) => pass.release(memory),
    slice: (memory, from, byteLength) => pass.slice(memory, from, byteLength),
    input: (bytes) => pass.input(bytes),
    fill: (memory, byteLength, value) => pass.fill(memory, byteLength, value),
    submit: (memory, byteLength) => pass.submit(memory, byteLength),
    abandon: () => pass.abandon(),
    ...methods,
  };
}

/** An argument as a kernel sees it, with other values or another shape. */
export function argument(shape: readonly number[], data: Float32Array): KernelTensor {
  return { shape, data, size: data.length } as KernelTensor;
}
