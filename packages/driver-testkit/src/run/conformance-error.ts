/** A driver violates the contract. The message names the op, the case, the place and the values. */
export class ConformanceError extends Error {
  override readonly name = "ConformanceError";
}

/** Throws ConformanceError with `message` unless `condition` holds. */
export function expectThat(condition: boolean, message: string | (() => string)): void {
  if (!condition) throw new ConformanceError(typeof message === "string" ? message : message());
}
