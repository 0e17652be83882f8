import type { Normalizer } from "../steps.js";

export function inSequence(steps: readonly Normalizer[]): Normalizer {
  return (text) => steps.reduce((normalised, step) => step(normalised), text);
}
