import type { ArchOptions, Encoding, ModelSource } from "@ripvec/core";
import { type Run, runArch } from "../../../arch-kit/test/support/run.js";
import { classicBert } from "../../src/index.js";

/** Loads a model on the template driver and embeds the texts. */
export function run(
  source: ModelSource,
  encodings: readonly Encoding[],
  options: ArchOptions = {},
): Promise<Run> {
  return runArch(classicBert, source, encodings, options);
}
