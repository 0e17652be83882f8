import { classicBert } from "@ripvec/arch-classic-bert";
import { resolvePrompt } from "../../../../packages/hub/src/model.js";
import { readModel } from "../../../../packages/hub/src/read-model.js";
import type { Target } from "../target.js";
import { modelFiles } from "./memory-files.js";
import { encodeProbes } from "./tokenizer.js";

/** A whole model, in the form of `modelFiles`: everything that happens before a driver sees it. */
export const model: Target = {
  name: "model",
  kind: "json",
  async run(input) {
    const files = modelFiles(input);
    if (!files) return;
    const read = await readModel(files, classicBert);
    resolvePrompt({ ...read, id: "model" });
    for (const name of read.weights.names.slice(0, 100)) read.weights.get(name).bytes();
    encodeProbes(read.tokenizer, { rows: Number(read.config.vocab_size) });
  },
};
