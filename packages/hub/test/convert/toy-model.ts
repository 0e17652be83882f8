import type { ModelArch } from "@ripvec/core";
import { concatRows, type LoadedModel, sizeOf, sliceRows } from "@ripvec/core/arch";
import { encodeTensor, type NamedTensor, Random, safetensorsFile } from "@ripvec/driver-testkit";
import { tinyModel } from "../tiny-model.js";

/** The roles that `toyArch` gives to tensors. */
export const shapes: Readonly<Record<string, readonly number[]>> = {
  "words.weight": [6, 4], //        a table
  "places.weight": [5, 4], //       a table without its first row
  "query.weight": [4, 4], //        stacked with the next to one matrix
  "key.weight": [4, 4],
  mixing: [3, 4], //                a matrix by another name
  "kinds.weight": [2, 4], //        a vector of two dimensions
  "norm.weight": [4], //            a vector
  "pooler.dense.weight": [4, 4], // the rest is not read
  "pooler.dense.bias": [4],
  "other.table": [2, 3],
};

/** The names of the tensors that are converted. */
export const narrow: readonly string[] = [
  "key.weight",
  "mixing",
  "places.weight",
  "pooler.dense.weight",
  "query.weight",
  "words.weight",
];

/** Reads tensors as an encoder does, with a Dense module after it, and computes nothing. */
export const toyArch: ModelArch = {
  name: "toy",
  async load(driver, { weights, modules }, { dtype }) {
    const views = ["query.weight", "key.weight"].map((name) => weights.get(name));
    driver.createTensor(weights.get("words.weight"), "table", { dtype });
    driver.createTensor(sliceRows(weights.get("places.weight"), 1), "table", { dtype });
    driver.createTensor(concatRows("query + key", views), "matrix", { dtype });
    driver.createTensor(weights.get("mixing"), "matrix", { dtype });
    driver.createTensor(weights.get("kinds.weight"), "vector");
    driver.createTensor(weights.get("norm.weight"), "vector");
    const dense = modules?.find((module) => module.weights)?.weights;
    if (dense) driver.createTensor(dense.get("linear.weight"), "matrix");
    return {} as LoadedModel;
  },
};

export type StoredIn = "f32" | "f16" | "bf16";

export function toyTensors(dtype: StoredIn = "f32"): NamedTensor[] {
  const floats = Object.entries(shapes).map(([name, shape]) => {
    const values = new Random(name).normals(sizeOf(shape), 1, 0);
    return encodeTensor(name, shape, values, dtype);
  });
  const bytes = new Uint8Array(BigInt64Array.from([0n, 1n, 2n, 3n, 4n]).buffer);
  return [...floats, { name: "position_ids", dtype: "i64", shape: [1, 5], bytes }];
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

/** The files of a model for `toyArch`, with the other files of its repository. */
export function toyModel(
  weights: Readonly<Record<string, Uint8Array>> = {
    "model.safetensors": safetensorsFile(toyTensors()),
  },
): Record<string, Uint8Array> {
  const { "model.safetensors": _, "pytorch_model.bin": __, ...others } = tinyModel();
  return {
    ...others,
    "config.json": json({ model_type: "toy", torch_dtype: "float32", layer_norm_eps: 1e-12 }),
    LICENSE: Buffer.from("terms"),
    "LICENSE-APACHE.txt": Buffer.from("more terms"),
    "NOTICE.md": Buffer.from("names"),
    "licensed-data.bin": Buffer.from("no terms"),
    ".cache/huggingface/x": Buffer.from("a cache"),
    "tf_model.h5": Buffer.from("other weights"),
    ...weights,
  };
}

/** The files that a converted model has too, except config.json and weights. */
export const copied: readonly string[] = [
  "1_Pooling/config.json",
  "2_Dense/config.json",
  "3_Normalize/config.json",
  "LICENSE",
  "LICENSE-APACHE.txt",
  "NOTICE.md",
  "README.md",
  "config_sentence_transformers.json",
  "modules.json",
  "sentence_bert_config.json",
  "special_tokens_map.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "sentencepiece.bpe.model",
  "vocab.txt",
];
