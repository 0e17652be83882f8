/** A piece of WGSL: a kernel, or what stands before it. */
export interface Wgsl {
  readonly name: string;
  readonly text: string;
}

/** Values of `override` constants. */
export type Constants = Readonly<Record<string, number>>;

/** What a pipeline is made of. Two with the same names and constants are the same. */
export interface KernelSource {
  /** The op's kernel; its entry point is `main`. */
  readonly kernel: Wgsl;
  /** Joined before it, in this order. */
  readonly preludes: readonly Wgsl[];
  readonly constants: Constants;
}

export const wgsl = (name: string, text: string): Wgsl => ({ name, text });

export function moduleName({ kernel, preludes }: KernelSource): string {
  return [kernel, ...preludes].map(({ name }) => name).join("+");
}

export function moduleText({ kernel, preludes }: KernelSource): string {
  return [...preludes, kernel].map(({ text }) => text).join("\n");
}
