import type { ModelArch } from "@ripvec/core";
import type { ModelModule } from "@ripvec/core/arch";
import { openCheckpoint } from "./checkpoint.js";
import { describeModel } from "./describe-model.js";
import { expectWeights, type FoundWeights } from "./find-weights.js";
import { mapConcurrently } from "./map-concurrently.js";
import type { Model } from "./model.js";
import type { ModelFiles } from "./model-files.js";
import { moduleKind } from "./module-list.js";
import { expectQuantized } from "./quantization.js";
import { readTokenizer } from "./read-tokenizer.js";

/**
 * The part of an architecture that says whether it can compute a model, before anything large is
 * read.
 */
export type ModelCheck = Pick<ModelArch, "check">;

/** Modules of sentence-transformers that have their own weights. */
const weighted = new Set(["Dense", "LayerNorm"]);

/**
 * Reads a model in the layout of Hugging Face transformers or sentence-transformers: first its
 * description, which `arch` may refuse, then the tokenizer, and the weights last.
 */
export async function readModel(
  files: ModelFiles,
  arch: ModelCheck | undefined,
): Promise<Omit<Model, "directory">> {
  const { root, tokenizerConfig, modules, settings, ...described } = await describeModel(files);
  const { config, sentenceConfig: ownConfig } = described;
  const { truncateDim } = settings;
  arch?.check?.({ ...described, modules, truncateDim }, {});
  const found = await expectWeights(files, root);
  const own = await mapConcurrently(modules ?? [], (each) => findOwn(files, each));
  const { tokenizer, maxLength } = await readTokenizer(files, root, {
    config,
    sentenceConfig: ownConfig,
    tokenizerConfig,
  });
  const sentenceConfig = {
    ...(maxLength !== undefined && { max_seq_length: maxLength }),
    ...ownConfig,
  };
  const weights = await openCheckpoint(files, found);
  expectQuantized(config, weights);
  const complete = modules && (await withWeights(files, modules, own));
  return { ...described, ...settings, sentenceConfig, weights, modules: complete, tokenizer };
}

type Described = Omit<ModelModule, "weights">;

async function findOwn(files: ModelFiles, module: Described): Promise<FoundWeights | undefined> {
  const kind = moduleKind(module);
  if (module.path === "" || kind === undefined || !weighted.has(kind)) return undefined;
  return expectWeights(files, module.path);
}

function withWeights(
  files: ModelFiles,
  modules: readonly Described[],
  found: readonly (FoundWeights | undefined)[],
): Promise<ModelModule[]> {
  return mapConcurrently([...modules.entries()], async ([i, module]) => {
    const own = found[i];
    return own ? { ...module, weights: await openCheckpoint(files, own) } : module;
  });
}
