import { isRipvecError } from "@ripvec/core";

/** Runs one of several readings of an input, so that a refusal ends only that reading. */
export function readSome(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!isRipvecError(error)) throw error;
  }
}
