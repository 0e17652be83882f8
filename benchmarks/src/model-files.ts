import { Checkpoint } from "./checkpoint.js";

/** A model in Hugging Face layout: contents by path inside its directory. */
export type ModelFiles = ReadonlyMap<string, Uint8Array>;

/** config.json and model.safetensors, unchanged. */
export interface RawModel {
  readonly config: Readonly<Record<string, unknown>>;
  readonly checkpoint: Checkpoint;
}

/** Throws RangeError when config.json or model.safetensors is not among the files. */
export function rawModel(files: ModelFiles): RawModel {
  return {
    config: JSON.parse(new TextDecoder().decode(fileOf(files, "config.json"))),
    checkpoint: new Checkpoint(fileOf(files, "model.safetensors")),
  };
}

function fileOf(files: ModelFiles, path: string): Uint8Array {
  const bytes = files.get(path);
  if (!bytes) throw new RangeError(`the model has no ${path}`);
  return bytes;
}
