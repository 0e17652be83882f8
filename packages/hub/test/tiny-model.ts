import type { JsonObject } from "@ripvec/core/arch";
import type { RepoFiles } from "./hub-server.js";
import { bertTokenizerJson } from "./tokenizer-fixtures.js";

export const jsonFile = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/** A safetensors file of f32 tensors with the values 0, 1, 2 … */
export function safetensors(shapes: Readonly<Record<string, readonly number[]>>): Uint8Array {
  let at = 0;
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const from = at;
    at += shape.reduce((product, dim) => product * dim, 1) * 4;
    return [name, { dtype: "F32", shape, data_offsets: [from, at] }] as const;
  });
  const text = JSON.stringify(Object.fromEntries(entries));
  const header = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.byteLength));
  const body = new Float32Array(at / 4).map((_, i) => i);
  return Buffer.concat([length, header, Buffer.from(body.buffer)]);
}

export const bertConfig: JsonObject = {
  model_type: "bert",
  architectures: ["BertModel"],
  hidden_size: 8,
  type_vocab_size: 2,
  max_position_embeddings: 512,
};

export const poolingConfig: JsonObject = {
  word_embedding_dimension: 8,
  pooling_mode_cls_token: false,
  pooling_mode_mean_tokens: true,
};

/** Other files of a model's repository. */
const unneededFiles = [
  ".gitattributes",
  "README.md",
  "1_Pooling/README.md",
  "pytorch_model.bin",
  "rust_model.ot",
  "sentencepiece.bpe.model",
  "vocab.txt",
  "onnx/model.onnx",
  "onnx/config.json",
  "onnx/tokenizer.json",
  "openvino/openvino_model.bin",
];

/** The files of a sentence-transformers model, all small except the weights (256 KiB). */
export function tinyModel(weightRows = 8192): Record<string, Uint8Array> {
  return {
    "config.json": jsonFile(bertConfig),
    "model.safetensors": safetensors({
      "embeddings.word_embeddings.weight": [weightRows, 8],
      bias: [8],
    }),
    "tokenizer.json": jsonFile(bertTokenizerJson()),
    "tokenizer_config.json": jsonFile({
      added_tokens_decoder: Object.fromEntries(
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].map((content, id) => [
          id,
          { content, special: true },
        ]),
      ),
      do_lower_case: true,
      model_max_length: 512,
    }),
    "special_tokens_map.json": jsonFile({ cls_token: "[CLS]" }),
    "sentence_bert_config.json": jsonFile({ max_seq_length: 256, do_lower_case: false }),
    "config_sentence_transformers.json": jsonFile({
      prompts: { query: "query: ", passage: "" },
      default_prompt_name: null,
    }),
    "modules.json": jsonFile([
      { idx: 0, name: "0", path: "", type: "sentence_transformers.models.Transformer" },
      { idx: 1, name: "1", path: "1_Pooling", type: "sentence_transformers.models.Pooling" },
      { idx: 2, name: "2", path: "2_Dense", type: "sentence_transformers.models.Dense" },
      { idx: 3, name: "3", path: "3_Normalize", type: "sentence_transformers.models.Normalize" },
    ]),
    "1_Pooling/config.json": jsonFile(poolingConfig),
    "3_Normalize/config.json": jsonFile({}),
    "2_Dense/config.json": jsonFile({ in_features: 8, out_features: 4, bias: true }),
    "2_Dense/model.safetensors": safetensors({ "linear.weight": [4, 8], "linear.bias": [4] }),
    ...Object.fromEntries(unneededFiles.map((path) => [path, Buffer.from("never downloaded")])),
  } satisfies RepoFiles;
}

/** The files that opening the tiny model needs; no others may be downloaded. */
export const neededFiles: readonly string[] = [
  "config.json",
  "model.safetensors",
  "tokenizer.json",
  "tokenizer_config.json",
  "sentence_bert_config.json",
  "config_sentence_transformers.json",
  "modules.json",
  "1_Pooling/config.json",
  "2_Dense/config.json",
  "2_Dense/model.safetensors",
  "3_Normalize/config.json",
];

/** Absent files that are also looked for, because they would make it another model. */
export const absentFiles: readonly string[] = ["adapter_config.json"];
