import { ModelFileError } from "@ripvec/core";
import { type ByteSource, openSafetensors, type WeightSource, withScales } from "@ripvec/core/arch";
import { sha256 } from "./digest.js";
import { type FoundWeights, weightFiles } from "./find-weights.js";
import { foreignContent, startBytes } from "./foreign-content.js";
import { mapConcurrently } from "./map-concurrently.js";
import {
  innerPath,
  isJsonObject,
  joinInner,
  jsonLimits,
  type ModelFiles,
  readJsonObject,
} from "./model-files.js";
import { refuseQuantizedTensors } from "./quantized-tensors.js";
import { openTorch } from "./torch/open-torch.js";

type Open = (source: ByteSource) => WeightSource;

/**
 * Opens the weights that were found in a folder: one file, or the shards of an index as one source.
 * Throws ModelFileError, and UnsupportedError for weights that are quantised by a method that is
 * not supported.
 */
export async function openCheckpoint(
  files: ModelFiles,
  { folder, format }: FoundWeights,
): Promise<WeightSource> {
  const path = joinInner(folder, weightFiles[format]);
  switch (format) {
    case "safetensors":
      return openFile(files, path, openSafetensors);
    case "torch":
      return openFile(files, path, openTorch);
    case "safetensorsShards":
      return openShards(files, folder, path, openSafetensors);
    case "torchShards":
      return openShards(files, folder, path, openTorch);
    default:
      return format satisfies never;
  }
}

/** Throws ModelFileError, naming the file `saidBy`, when the shard does not exist. */
async function openFile(
  files: ModelFiles,
  path: string,
  open: Open,
  saidBy?: string,
): Promise<WeightSource> {
  const source = await files.open(path);
  if (!source) {
    throw saidBy === undefined
      ? new ModelFileError("is missing", { path: files.locate(path) })
      : new ModelFileError(
          `names the shard ${path}, which is missing: download the rest of the model`,
          { path: saidBy },
        );
  }
  const start = source.read(0, Math.min(source.byteLength, startBytes));
  const foreign = foreignContent(start, open === openTorch);
  if (foreign !== undefined) throw new ModelFileError(foreign, { path: source.path });
  const weights = open(source);
  refuseQuantizedTensors(weights.names, weights.path);
  return weights;
}

async function openShards(
  files: ModelFiles,
  folder: string,
  name: string,
  open: Open,
): Promise<WeightSource> {
  const index = await readJsonObject(files, name, jsonLimits.shardIndex);
  const indexPath = files.locate(name);
  const weightMap = index?.weight_map;
  if (!isJsonObject(weightMap)) {
    throw new ModelFileError("weight_map must be an object of file names", { path: indexPath });
  }
  refuseQuantizedTensors(Object.keys(weightMap), indexPath);
  const shards = new Map<string, WeightSource>();
  const owners = new Map<string, WeightSource>();
  for (const [tensor, value] of Object.entries(weightMap)) {
    const file = innerPath(value, indexPath);
    const shard =
      shards.get(file) ?? (await openFile(files, joinInner(folder, file), open, indexPath));
    shards.set(file, shard);
    if (!shard.has(tensor)) {
      throw new ModelFileError(`${file} does not hold it, although the index says that it does`, {
        path: indexPath,
        tensor,
      });
    }
    owners.set(tensor, shard);
  }
  return mergedSource(indexPath, [...shards.values()], owners);
}

function mergedSource(
  path: string,
  shards: readonly WeightSource[],
  owners: ReadonlyMap<string, WeightSource>,
): WeightSource {
  let hash: Promise<string> | undefined;
  return {
    path,
    names: [...owners.keys()],
    inMemory: shards.some((shard) => shard.inMemory),
    has: (name) => owners.has(name),
    get(name) {
      const owner = owners.get(name);
      if (!owner) throw new ModelFileError("is missing", { path, tensor: name });
      return withScales(owner.get(name), this);
    },
    hash() {
      hash ??= hashOfHashes(shards);
      return hash;
    },
  };
}

async function hashOfHashes(shards: readonly WeightSource[]): Promise<string> {
  const hashes = await mapConcurrently(shards, (shard) => shard.hash());
  return sha256(new TextEncoder().encode([...hashes].sort().join("\n")));
}
