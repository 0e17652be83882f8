/**
 * The result, or undefined when the engine throws RangeError: a text, or a match in it, is longer
 * than the engine allows.
 */
export function unlessRangeError<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
