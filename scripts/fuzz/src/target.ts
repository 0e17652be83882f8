/** A reader of untrusted input that is fuzzed. */
export interface Target {
  readonly name: string;
  /** How inputs are mutated: as JSON values, or as bytes. */
  readonly kind: "json" | "bytes";
  /** Largest input that is made, in bytes. */
  readonly maxBytes?: number;
  /**
   * Reads one input. Throws a RipvecError when the input is refused, and a plain Error when a
   * result is wrong.
   */
  run(input: Uint8Array): void | Promise<void>;
}

/** Throws a plain Error, which the oracle treats as a fault. */
export function invariant(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`invariant: ${what}`);
}
