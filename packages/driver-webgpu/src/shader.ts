/** A source in WGSL: a kernel, or a prelude, which precedes kernels. */
export interface Wgsl {
  readonly name: string;
  readonly text: string;
}

/** Values of `override` constants. */
export type Constants = Readonly<Record<string, number>>;

/** The source of a pipeline. Sources with the same names and constants are the same. */
export interface KernelSource {
  /** The op's kernel; its entry point is `main`. */
  readonly kernel: Wgsl;
  /** They precede the kernel, in this order. */
  readonly preludes: readonly Wgsl[];
  readonly constants: Constants;
  readonly parameters: ParameterNames;
}

/** The names of bindings and parameters, in order. They are the same in every dispatch of a kernel. */
export interface ParameterNames {
  /** Reads, then writes. */
  readonly bindings: readonly string[];
  readonly numbers: readonly string[];
  readonly floats: readonly string[];
}

export const wgsl = (name: string, text: string): Wgsl => ({ name, text });

export function moduleName({ kernel, preludes }: KernelSource): string {
  return [kernel, ...preludes].map(({ name }) => name).join("+");
}

/** The text of the module: preludes, kernel, and a struct of the parameters that the launcher names. */
export function moduleText({ kernel, preludes, parameters }: KernelSource): string {
  const text = [...preludes, kernel].map((source) => source.text).join("\n");
  checkBindings(kernel.name, text, parameters.bindings);
  return `${text}\n${paramsText(parameters)}`;
}

/** The struct of `params`, in the order in which Params.add writes it. */
function paramsText({ bindings, numbers, floats }: ParameterNames): string {
  const fields = [
    ...bindings.map((name) => `${name}_offset: u32,`),
    ...numbers.map((name) => `${name}: u32,`),
    ...floats.map((name) => `${name}: f32,`),
  ];
  const binding = `@group(0) @binding(${bindings.length}) var<uniform> params: Params;`;
  return `struct Params {\n  ${fields.join("\n  ")}\n}\n${binding}\n`;
}

/** Throws unless each binding that the text declares has the number that the launcher gives to its name. */
function checkBindings(kernel: string, text: string, names: readonly string[]): void {
  for (const [, place, name] of text.matchAll(/@binding\((\d+)\) var<[^>]+> (\w+)/g)) {
    const launched = names[Number(place)];
    if (launched === name) continue;
    throw new Error(`kernel ${kernel}: binding ${place} is ${name}, the launcher has ${launched}`);
  }
}
