import type { StepFields } from "../step-fields.js";
import { unlessRangeError } from "../unless-range-error.js";

/** Rewrites a text into one of at most `maxLength` UTF-16 units. */
export type LimitedNormalizer = (text: string, maxLength: number) => string;

/**
 * A text may grow to this many times its length, plus this many UTF-16 units. Unicode itself needs
 * far less: NFKD makes at most 18 characters (33 bytes) of one character, and lowercase 2.
 */
const maxGrowth = 64;
const freeUnits = 65_536;

/** The most UTF-16 units that a text may have after normalisation. */
export function lengthLimit(text: string): number {
  return maxGrowth * text.length + freeUnits;
}

/** The error of a step that makes a text longer than its limit. */
export function growsTooLong(step: StepFields, maxLength: number): Error {
  return step.error(
    `it makes a text longer than ${maxLength} characters, which is ${maxGrowth} times its length plus ${freeUnits}`,
  );
}

/** The step, with an error that names it when the text grows too long. */
export function limited(step: StepFields, normalize: LimitedNormalizer): LimitedNormalizer {
  return (text, maxLength) => {
    const normalized = unlessRangeError(() => normalize(text, maxLength));
    if (normalized !== undefined && normalized.length <= maxLength) return normalized;
    throw growsTooLong(step, maxLength);
  };
}
