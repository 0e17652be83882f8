/** A source in WGSL: a kernel, or a prelude, which precedes kernels. */
export interface Wgsl {
  readonly name: string;
  readonly text: string;
}

/** Values of `override` constants. */
export type Constants = Readonly<Record<string, number>>;

/**
 * The source of a pipeline. Sources of the same kernel, preludes and constants are the same: each dispatch of a kernel
 * names the same bindings and parameters, in the same order.
 */
export interface KernelSource {
  /** The op's kernel; its entry point is `main`. */
  readonly kernel: Wgsl;
  /** They precede the kernel, in this order. */
  readonly preludes: readonly Wgsl[];
  readonly constants?: Constants;
  readonly reads: Named;
  readonly writes: Named;
  readonly numbers?: Named;
  readonly floats?: Named;
}

/** Only the names are read. */
type Named = Readonly<Record<string, unknown>>;

export const wgsl = (name: string, text: string): Wgsl => ({ name, text });

export function moduleName({ kernel, preludes }: KernelSource): string {
  return [kernel, ...preludes].map(({ name }) => name).join("+");
}

/** The text of the module: preludes, kernel, and a struct of the parameters that the launcher names. */
export function moduleText(source: KernelSource): string {
  const { kernel, preludes, reads, writes } = source;
  const text = [...preludes, kernel].map((part) => part.text).join("\n");
  const bindings = [...Object.keys(reads), ...Object.keys(writes)];
  checkBindings(kernel.name, text, bindings);
  return `${text}\n${paramsText(bindings, source)}`;
}

/** The struct of `params`, in the order in which Params.add writes it. */
function paramsText(
  bindings: readonly string[],
  { numbers = {}, floats = {} }: KernelSource,
): string {
  const fields = [
    ...bindings.map((name) => `${name}_offset: u32,`),
    ...Object.keys(numbers).map((name) => `${name}: u32,`),
    ...Object.keys(floats).map((name) => `${name}: f32,`),
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
