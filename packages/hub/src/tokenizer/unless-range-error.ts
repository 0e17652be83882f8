/** Undefined where the engine throws RangeError: a text, or a match in one, is longer than it can be. */
export function unlessRangeError<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
