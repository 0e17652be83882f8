/** A driver violates the contract. The message names the op, the case, the place and the values. */
export class ConformanceError extends Error {
  override readonly name = "ConformanceError";
}

/** Throws ConformanceError with `message` unless `condition` holds. */
export function expectThat(condition: boolean, message: string | (() => string)): void {
  if (!condition) throw new ConformanceError(typeof message === "string" ? message : message());
}

/** The error of a driver with the place where it was thrown, and with the messages of its causes. */
export function asConformanceError(where: string, error: unknown): ConformanceError {
  if (error instanceof ConformanceError) return error;
  return new ConformanceError(`${where}: ${messagesOf(error)}`, { cause: error });
}

function messagesOf(error: unknown): string {
  if (!(error instanceof Error)) return `rejected with ${String(error)}, which is no error`;
  const cause = error.cause === undefined ? "" : `, caused by ${messagesOf(error.cause)}`;
  return `${error.name}: ${error.message}${cause}`;
}
