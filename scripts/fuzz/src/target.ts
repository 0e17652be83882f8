/** A reader of untrusted input that is fuzzed. */
export interface Target {
  readonly name: string;
  /** How inputs are changed: as JSON values, or as bytes. */
  readonly kind: "json" | "bytes";
  /** The size limit of inputs, in bytes. */
  readonly maxBytes?: number;
  /** Reads one input. Throws a RipvecError where the input is refused, and a plain Error where a result is wrong. */
  run(input: Uint8Array): void | Promise<void>;
}

/** Throws a plain Error, which the oracle reports as a fault. */
export function invariant(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`invariant: ${what}`);
}
