import { ModelFileError } from "@ripvec/core";
import { joinInner, type ModelFiles } from "./model-files.js";

/**
 * Names of the weight files that are supported, in the order in which transformers looks for them.
 */
export const weightFiles = {
  safetensors: "model.safetensors",
  safetensorsShards: "model.safetensors.index.json",
  torch: "pytorch_model.bin",
  torchShards: "pytorch_model.bin.index.json",
} as const;

const readable: ReadonlySet<string> = new Set(Object.values(weightFiles));

/** The weights in a folder of the model. */
export interface FoundWeights {
  readonly folder: string;
  readonly format: keyof typeof weightFiles;
}

/** Formats that are not supported, by the names of their files. */
const otherFormats: readonly (readonly [file: RegExp, format: string])[] = [
  [/\.onnx$/, "ONNX"],
  [/\.gguf$/i, "GGUF, for llama.cpp"],
  [/^adapter_model\./, "an adapter (PEFT)"],
  [/(^|\/)openvino_model[^/]*\.(xml|bin)$/, "OpenVINO"],
  [/\.h5$/, "TensorFlow"],
  [/\.msgpack$/, "Flax"],
  [/\.(mlmodel|mlpackage)$/, "Core ML"],
  [/\.tflite$/, "TensorFlow Lite"],
  [/\.ot$/, "the Rust library rust-bert"],
  [/\.safetensors$/, "safetensors under a name other than model.safetensors"],
  [/\.(pt|pth|ckpt|bin)$/, "PyTorch, under a name other than pytorch_model.bin"],
];

/**
 * Patterns in the names of quantised files: model_quantized, model_int8, model_q4f16, model_bnb4,
 * model_qint8_avx512 (ONNX, OpenVINO), -Q8_0, .IQ4_XS (GGUF), 4bit-128g, -fp8.
 */
const quantized =
  /(^|[-_.])(quantized|quantised|q?u?int[48]|i?q[2-8](f16|(_[a-z0-9]+)*)|bnb4|nf4|[mn]?x?fp[48]|[248]-?bits?|gptq|awq)([-_.]|$)/i;

/** A shard of weights whose index is missing. */
const shard = /^(model|pytorch_model)-\d+-of-\d+\.(safetensors|bin)$/;

/** The file to request when the files cannot be listed. */
const likelyOthers = [
  "onnx/model.onnx",
  "onnx/model_quantized.onnx",
  "tf_model.h5",
  "flax_model.msgpack",
];

/**
 * The file of a folder that holds its weights, found by name without reading it; undefined when
 * there is none.
 */
async function findWeights(files: ModelFiles, folder: string): Promise<FoundWeights | undefined> {
  for (const [format, name] of Object.entries(weightFiles)) {
    if (await files.exists(joinInner(folder, name))) {
      return { folder, format: format as FoundWeights["format"] };
    }
  }
  return undefined;
}

/** As findWeights, but throws ModelFileError that names the files found instead. */
export async function expectWeights(files: ModelFiles, folder: string): Promise<FoundWeights> {
  const found = await findWeights(files, folder);
  if (found) return found;
  const other = await describeOtherWeights(files, folder);
  const remedy = other || ". Download the whole model; in a git clone, run git lfs pull";
  throw new ModelFileError(`is missing, and so is pytorch_model.bin${remedy}`, {
    path: files.locate(joinInner(folder, weightFiles.safetensors)),
  });
}

/**
 * A sentence that names weights in unsupported formats, in a folder or below it, and says what to
 * do; "" when there are none.
 */
export async function describeOtherWeights(files: ModelFiles, folder = ""): Promise<string> {
  const likely = likelyOthers.map((name) => joinInner(folder, name));
  const listed = (await files.list()) ?? (await existing(files, likely));
  const below = listed.filter((path) => path.startsWith(joinInner(folder, "")));
  const lone = below.find((path) => shard.test(nameOf(path)));
  if (lone !== undefined) {
    return `. The folder has the shard ${lone}, but not the index that lists all shards: download the ${lone.endsWith(".bin") ? weightFiles.torchShards : weightFiles.safetensorsShards} that belongs to it`;
  }
  const paths = below.filter((path) => !readable.has(nameOf(path)) && mayBeOfModel(path));
  for (const [pattern, format] of otherFormats) {
    const path = paths.find((name) => pattern.test(name));
    if (path === undefined) continue;
    const kind = quantized.test(nameOf(path)) ? `${format}; quantised` : format;
    return `. The folder has ${path} (${kind}), which ripvec cannot read. Use the repository that it was made from, or load that repository in Python with transformers or sentence-transformers and call save_pretrained(dir)`;
  }
  return "";
}

/** Whether no part of the path is hidden, as `.git` and `.bin` are, or the packages of an npm project. */
function mayBeOfModel(path: string): boolean {
  return path.split("/").every((part) => !part.startsWith(".") && part !== "node_modules");
}

function nameOf(path: string): string {
  return path.split("/").at(-1) ?? "";
}

async function existing(files: ModelFiles, paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => files.exists(path)));
  return paths.filter((_, i) => found[i]);
}
