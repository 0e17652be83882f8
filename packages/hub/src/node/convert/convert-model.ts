import { join, resolve } from "node:path";
import type { ByteSource, ModelArch } from "@ripvec/core";
import type { Model } from "../../model.js";
import { readModel } from "../../read-model.js";
import type { OpenModelOptions } from "../open-model-options.js";
import { readFiles } from "../read-files.js";
import { convertedConfig } from "./converted-config.js";
import { findEncoderWeights } from "./encoder-weights.js";
import { modulesBehind, openBeside, rootOf } from "./files-beside.js";
import { copyFile, writeText } from "./output-file.js";
import {
  type NarrowDType,
  type PlannedTensor,
  planAsTheyAre,
  planTensors,
  refuseEightBits,
} from "./plan-tensors.js";
import { expectFree, expectOutside, writeFolder } from "./whole-folder.js";
import { type ConvertProgress, writeWeights } from "./write-weights.js";

export interface ConvertOptions extends Omit<OpenModelOptions, "arch"> {
  /** Says which tensors are matrices and tables, and refuses what it cannot compute. */
  readonly arch: ModelArch;
  /** What matrices and tables are written in. */
  readonly dtype: NarrowDType;
  /** The folder to be written. Nothing may be there, or an empty folder. */
  readonly out: string;
  readonly onConvert?: ((progress: ConvertProgress) => void) | undefined;
}

/** What was written. */
export interface ConvertedModel {
  /** Absolute path of the folder. */
  readonly directory: string;
  /** Files that were not copied, as offline use did not find them in the caches: README.md, LICENSE and the like. */
  readonly leftOut: readonly string[];
  /** Bytes of the tensors that were read. */
  readonly bytesBefore: number;
  /** Bytes of model.safetensors. */
  readonly bytesAfter: number;
  /** SHA-256 of model.safetensors, in hex. */
  readonly sha256: string;
}

const weightsName = "model.safetensors";

/**
 * Writes a model in Hugging Face's layout with matrices and tables in `dtype`, f16 and bf16 rounded to nearest even, i8
 * as `quantizeRows` of core with the scales beside them. It gives the vectors, bit for bit, that the model itself gives with that
 * dtype. The encoder's vectors and the modules after it stay as they are. One tensor is in memory at a time, and the same model gives
 * the same bytes.
 *
 * Throws InputError when something is at `out` already, `out` lies in the model, the model is in 8 bits already or the system
 * refuses to write; ModelFileError that names the tensor when a value has no place in `dtype`; and what
 * `openModel` and `arch.load` throw. The folder is there whole or not at all.
 */
export async function convertModel(
  dirOrId: string,
  options: ConvertOptions,
): Promise<ConvertedModel> {
  const { arch, dtype } = options;
  const out = resolve(options.out);
  await expectFree(out);
  const source = await readFiles(dirOrId, options, async (files) => {
    const model = await readModel(files, arch);
    refuseEightBits(model.weights);
    return { model, ...(await openBeside(files, model)) };
  });
  await expectOutside(out, source.directory);
  const encoder = await findEncoderWeights(source.model, arch);
  const planned = planTensors(source.model.weights, encoder, dtype);
  const written = await writeFolder(out, (folder) => writeModel(folder, source, planned, options));
  const bytesBefore = planned.reduce((sum, { view }) => sum + view.byteLength, 0);
  return { directory: out, leftOut: source.leftOut, bytesBefore, ...written };
}

interface Source {
  readonly model: Omit<Model, "directory">;
  readonly beside: ReadonlyMap<string, ByteSource>;
}

/** Small files first. */
async function writeModel(
  folder: string,
  { model, beside }: Source,
  planned: readonly PlannedTensor[],
  options: ConvertOptions,
): Promise<Pick<ConvertedModel, "bytesAfter" | "sha256">> {
  const { dtype, signal } = options;
  for (const [path, file] of beside) await copyFile(join(folder, path), file, signal);
  const root = join(folder, rootOf(model));
  const config = convertedConfig(model.config, dtype);
  await writeText(join(root, "config.json"), `${JSON.stringify(config, null, 2)}\n`, signal);
  for (const { path, weights } of modulesBehind(model)) {
    if (weights) {
      await writeWeights(join(folder, path, weightsName), planAsTheyAre(weights), {
        dtype,
        signal,
      });
    }
  }
  return writeWeights(join(root, weightsName), planned, options);
}
