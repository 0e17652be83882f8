import { ModelFileError, openSafetensors, type WeightSource } from "@ripvec/core";
import { sha256 } from "./digest.js";
import {
  innerPath,
  isJsonObject,
  joinInner,
  jsonLimits,
  type ModelFiles,
  readJsonObject,
} from "./model-files.js";

const single = "model.safetensors";
const sharded = "model.safetensors.index.json";
const legacy = [
  "pytorch_model.bin",
  "pytorch_model.bin.index.json",
  "tf_model.h5",
  "flax_model.msgpack",
];

/**
 * The weights in a folder of the model: model.safetensors, or the shards of its index as one source.
 * Undefined when the folder holds none. Throws ModelFileError when it only has formats that can run
 * code (pickle) or are not read here.
 */
export async function openCheckpoint(
  files: ModelFiles,
  folder: string,
): Promise<WeightSource | undefined> {
  const source = await files.open(joinInner(folder, single));
  if (source) return openSafetensors(source);
  const index = await readJsonObject(files, joinInner(folder, sharded), jsonLimits.shardIndex);
  if (index) return openShards(files, folder, index.weight_map);
  for (const name of legacy) {
    const path = joinInner(folder, name);
    if (!(await files.exists(path))) continue;
    throw new ModelFileError(
      `there is ${name} but no ${single}, the only weight format read here. Convert it: load the model with transformers or sentence-transformers in Python and call save_pretrained(dir, safe_serialization=True), or use https://huggingface.co/spaces/safetensors/convert`,
      { path: files.locate(path) },
    );
  }
  return undefined;
}

async function openShards(
  files: ModelFiles,
  folder: string,
  weightMap: unknown,
): Promise<WeightSource> {
  const indexPath = files.locate(joinInner(folder, sharded));
  if (!isJsonObject(weightMap)) {
    throw new ModelFileError("weight_map must be an object of file names", { path: indexPath });
  }
  const shards = new Map<string, WeightSource>();
  const owners = new Map<string, WeightSource>();
  for (const [tensor, value] of Object.entries(weightMap)) {
    const name = innerPath(value, indexPath);
    const shard = shards.get(name) ?? (await openShard(files, joinInner(folder, name), indexPath));
    shards.set(name, shard);
    if (!shard.has(tensor)) {
      throw new ModelFileError(`${name} does not hold it, though the index says so`, {
        path: indexPath,
        tensor,
      });
    }
    owners.set(tensor, shard);
  }
  return mergedSource(indexPath, [...shards.values()], owners);
}

async function openShard(
  files: ModelFiles,
  path: string,
  indexPath: string,
): Promise<WeightSource> {
  const source = await files.open(path);
  if (source) return openSafetensors(source);
  throw new ModelFileError(`names the shard ${path}, which is missing`, { path: indexPath });
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
      return owner.get(name);
    },
    hash() {
      hash ??= hashOfHashes(shards);
      return hash;
    },
  };
}

async function hashOfHashes(shards: readonly WeightSource[]): Promise<string> {
  const hashes = await Promise.all(shards.map((shard) => shard.hash()));
  return sha256(new TextEncoder().encode([...hashes].sort().join("\n")));
}
