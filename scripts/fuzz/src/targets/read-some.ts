import { isRipvecError } from "@ripvec/core";

/** Runs one of several readings of an input: a refusal ends only this one. */
export function readSome(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!isRipvecError(error)) throw error;
  }
}
