import { join } from "node:path";
import { type ModelArch, ModelFileError } from "@ripvec/core";
import type { ByteSource } from "@ripvec/core/arch";
import type { Model } from "../../model.js";
import { joinInner, jsonLimits, type ModelFiles, readText } from "../../model-files.js";
import { readModel } from "../../read-model.js";
import type { OpenModelOptions } from "../open-model-options.js";
import { readFiles } from "../read-files.js";
import { expectFree, expectOutside, writeFolder } from "./atomic-folder.js";
import { checkedTarget } from "./checked-target.js";
import { modulesAfterTransformer, openCompanionFiles, rootOf } from "./companion-files.js";
import { convertedConfig } from "./converted-config.js";
import { findEncoderWeights } from "./encoder-weights.js";
import { copyFile, hashFile, writeText } from "./output-file.js";
import {
  type NarrowDType,
  type PlannedTensor,
  planTensors,
  planUnchanged,
  refuseEightBits,
} from "./plan-tensors.js";
import { type ConvertProgress, writeWeights } from "./write-weights.js";

export interface ConvertOptions extends Omit<OpenModelOptions, "arch"> {
  /**
   * The architecture says which tensors are matrices and tables, and refuses models that it cannot
   * compute.
   */
  readonly arch: ModelArch;
  /** The dtype of matrices and tables in the result. */
  readonly dtype: NarrowDType;
  /** The folder to write. It must not exist, and its parent must. */
  readonly out: string;
  readonly onConvert?: ((progress: ConvertProgress) => void) | undefined;
}

/** The result of a conversion. */
export interface ConvertedModel {
  /** Absolute path of the folder. */
  readonly directory: string;
  /**
   * Files that were not copied, such as README.md and LICENSE: the caches did not have them in
   * offline use, or they are not regular files.
   */
  readonly leftOut: readonly string[];
  /** Bytes of the tensors of the original. */
  readonly bytesBefore: number;
  /** Bytes of model.safetensors. */
  readonly bytesAfter: number;
  /** SHA-256 of model.safetensors, in hex. */
  readonly sha256: string;
}

const weightsName = "model.safetensors";

/**
 * Writes a model in Hugging Face's layout with matrices and tables in `dtype`: f16 and bf16 are
 * rounded to nearest even, i8 is quantised as by `quantizeRows` of core, with the scales in a
 * tensor of their own. The result gives bit for bit the vectors that the original gives with that
 * dtype. The encoder's vectors and the modules after it keep their dtypes. Memory holds one tensor
 * at a time, and the same model gives the same bytes. The folder appears whole or not at all.
 * Throws UnsupportedError for another dtype; InputError when `out` exists, `out` lies in the model,
 * the model is in 8 bits already, or the system refuses to write; ModelFileError that names the
 * tensor when `dtype` cannot hold a value; and what `openModel` and `arch.load` throw.
 */
export async function convertModel(
  dirOrId: string,
  options: ConvertOptions,
): Promise<ConvertedModel> {
  const { arch } = options;
  const { dtype, out } = checkedTarget(options);
  await expectFree(out);
  const source = await readFiles(dirOrId, options, async (files) => {
    const model = await readModel(files, arch);
    refuseEightBits(model.weights);
    return {
      model,
      config: await readConfig(files, model),
      ...(await openCompanionFiles(files, model)),
    };
  });
  await expectOutside(out, source.directory);
  const encoder = await findEncoderWeights(source.model, arch);
  const planned = planTensors(source.model.weights, encoder, dtype);
  const written = await writeFolder(out, (folder) => writeModel(folder, source, planned, options));
  const bytesBefore = planned.reduce((sum, { view }) => sum + view.byteLength, 0);
  return { directory: out, leftOut: source.leftOut, bytesBefore, ...written };
}

const configName = "config.json";

async function readConfig(files: ModelFiles, model: Pick<Model, "modules">): Promise<string> {
  const path = joinInner(rootOf(model), configName);
  const text = await readText(files, path, jsonLimits.config);
  if (text !== undefined) return text;
  throw new ModelFileError("is missing", { path: files.locate(path) });
}

interface Source {
  readonly model: Omit<Model, "directory">;
  /** The text of config.json. */
  readonly config: string;
  readonly companions: ReadonlyMap<string, ByteSource>;
}

/** Small files come first. */
async function writeModel(
  folder: string,
  { model, config, companions }: Source,
  planned: readonly PlannedTensor[],
  options: ConvertOptions,
): Promise<Pick<ConvertedModel, "bytesAfter" | "sha256">> {
  const { dtype, signal } = options;
  for (const [path, file] of companions) await copyFile(join(folder, path), file, signal);
  const root = join(folder, rootOf(model));
  await writeText(join(root, configName), convertedConfig(config, dtype), signal);
  for (const { path, weights } of modulesAfterTransformer(model)) {
    if (weights) {
      await writeWeights(join(folder, path, weightsName), planUnchanged(weights), {
        dtype,
        signal,
      });
    }
  }
  const path = join(root, weightsName);
  const bytesAfter = await writeWeights(path, planned, options);
  return { bytesAfter, sha256: await hashFile(path, signal) };
}
