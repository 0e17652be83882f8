import { ModelFileError, UnsupportedError } from "@ripvec/core";
import { describe, expect, test } from "vitest";
import { openModel } from "../src/index.js";
import type { RepoFiles } from "./hub-server.js";
import { cacheDir, hub, name } from "./remote-hub.js";
import { jsonFile, tinyModel } from "./tiny-model.js";

type Changes = Readonly<Record<string, Uint8Array | undefined>>;

/** The tiny model with some files replaced, or left out where undefined. */
function changed(changes: Changes): RepoFiles {
  const all: Changes = { ...tinyModel(), "pytorch_model.bin": undefined, ...changes };
  const entries = Object.entries(all);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, Uint8Array] => entry[1] !== undefined),
  );
}

const st = "sentence_transformers.models";
const modules = (...types: readonly string[]): Uint8Array =>
  jsonFile(types.map((type, idx) => ({ idx, name: `${idx}`, path: idx ? `${idx}_X` : "", type })));
const body = Buffer.alloc(100_000);
const noWeights = { "model.safetensors": undefined, "onnx/model.onnx": undefined };

/** The file names that the exporters of these formats use. */
const quantizedFiles: readonly string[] = [
  "onnx/model_quantized.onnx",
  "onnx/model_int8.onnx",
  "onnx/model_uint8.onnx",
  "onnx/model_q4.onnx",
  "onnx/model_q4f16.onnx",
  "onnx/model_bnb4.onnx",
  "onnx/model_qint8_avx512_vnni.onnx",
  "onnx/model_quint8_avx2.onnx",
  "openvino/openvino_model_qint8_quantized.xml",
  "bge-small-en-v1.5-q4_k_m.gguf",
  "bge-small-en-v1.5.IQ4_XS.gguf",
  "gptq_model-4bit-128g.safetensors",
  "model-fp8.safetensors",
  "pytorch_model.int8.bin",
];
const otherFiles: readonly string[] = [
  "onnx/model.onnx",
  "onnx/model_fp16.onnx",
  "onnx/model_O4.onnx",
  "openvino/openvino_model.xml",
  "bge-small-en-v1.5-f16.gguf",
  "Qwen3-Embedding-4B.gguf",
  "model.fp32.safetensors",
];

const kinds: readonly (readonly [string, Changes, RegExp])[] = [
  [
    "ONNX only",
    { "model.safetensors": undefined, "onnx/model.onnx": body },
    /^owner\/tiny\/model\.safetensors: is missing.*The folder has onnx\/model\.onnx \(ONNX\)/,
  ],
  [
    "GGUF only",
    { ...noWeights, "bge-Q8_0.gguf": body },
    /The folder has bge-Q8_0\.gguf \(GGUF, for llama\.cpp; quantised\)/,
  ],
  [
    "GGUF without config.json",
    { ...noWeights, "config.json": undefined, "x.gguf": body },
    /config\.json: is missing.*The folder has x\.gguf/,
  ],
  [
    "TensorFlow only",
    { ...noWeights, "openvino/openvino_model.bin": undefined, "tf_model.h5": body },
    /The folder has tf_model\.h5 \(TensorFlow\)/,
  ],
  [
    "Flax only",
    { ...noWeights, "openvino/openvino_model.bin": undefined, "flax_model.msgpack": body },
    /The folder has flax_model\.msgpack \(Flax\)/,
  ],
  [
    "safetensors under another name",
    {
      ...noWeights,
      "openvino/openvino_model.bin": undefined,
      "rust_model.ot": undefined,
      "model.fp16.safetensors": body,
    },
    /The folder has model\.fp16\.safetensors \(safetensors under a name other than/,
  ],
  [
    "StaticEmbedding",
    { "modules.json": modules(`${st}.StaticEmbedding`) },
    /unsupported static embedding \(a table of token vectors, such as Model2Vec\), the first module in modules\.json, "sentence_transformers\.models\.StaticEmbedding"/,
  ],
  [
    "Model2Vec",
    {
      "modules.json": jsonFile([{ idx: 0, name: "0", path: ".", type: `${st}.StaticEmbedding` }]),
      "config.json": jsonFile({ model_type: "model2vec" }),
    },
    /static embedding/,
  ],
  [
    "Router",
    { "modules.json": modules("sentence_transformers.base.modules.router.Router") },
    /unsupported router between several models/,
  ],
  ["CLIP", { "modules.json": modules(`${st}.CLIPModel`) }, /unsupported model of images and texts/],
  [
    "custom code",
    { "modules.json": modules("custom_st.Transformer", `${st}.Pooling`) },
    /unsupported custom code.*"custom_st\.Transformer"/,
  ],
  [
    "an adapter alone",
    {
      ...noWeights,
      "config.json": undefined,
      "adapter_model.safetensors": body,
      "adapter_config.json": jsonFile({ peft_type: "LORA", base_model_name_or_path: "a/b" }),
    },
    /adapter_config\.json: is a PEFT adapter of type LORA for "a\/b".*merge it/,
  ],
  [
    "an adapter with its base",
    { "adapter_config.json": jsonFile({ peft_type: "LORA" }) },
    /is a PEFT adapter/,
  ],
  [
    "a cross-encoder",
    { "config_sentence_transformers.json": jsonFile({ model_type: "CrossEncoder" }) },
    /unsupported model_type .*"CrossEncoder"/,
  ],
  [
    "Pooling without settings",
    { "1_Pooling/config.json": undefined },
    /1_Pooling.config\.json: is missing/,
  ],
  [
    "Dense without weights",
    { "2_Dense/model.safetensors": undefined },
    /2_Dense.model\.safetensors: is missing/,
  ],
];

describe("is refused before tokenizer and weights are requested", () => {
  test.each(kinds)("%s", async (_, changes, message) => {
    hub.push(name, changed(changes));
    const opening = openModel(name, { cacheDir });
    await expect(opening).rejects.toThrow(message);
    await expect(opening).rejects.toSatisfy(
      (error) => error instanceof ModelFileError || error instanceof UnsupportedError,
    );
    expectNothingLarge();
  });

  test("the architecture refuses a model by its description", async () => {
    const settings = jsonFile({ truncate_dim: 3 });
    hub.push(name, { ...tinyModel(), "config_sentence_transformers.json": settings });
    const refusal = new UnsupportedError({ what: "model_type", value: "bert", supported: [] });
    const seen: unknown[] = [];
    const arch = {
      check(...args: unknown[]) {
        seen.push(...args);
        throw refusal;
      },
    };
    await expect(openModel(name, { cacheDir, arch })).rejects.toBe(refusal);
    expect(seen).toEqual([
      expect.objectContaining({
        id: name,
        config: expect.objectContaining({ model_type: "bert" }),
        sentenceConfig: { max_seq_length: 256, do_lower_case: false },
        truncateDim: 3,
        modules: [
          expect.objectContaining({ type: `${st}.Transformer`, path: "" }),
          expect.objectContaining({ type: `${st}.Pooling`, path: "1_Pooling" }),
          expect.objectContaining({ config: { in_features: 8, out_features: 4, bias: true } }),
          expect.objectContaining({ type: `${st}.Normalize`, config: {} }),
        ],
      }),
      {},
    ]);
    expectNothingLarge();
  });

  test("an architecture without a check decides later", async () => {
    expect((await openModel(name, { cacheDir, arch: {} })).weights.has("bias")).toBe(true);
  });
});

test.each([
  ...quantizedFiles.map((path) => [path, true] as const),
  ...otherFiles.map((path) => [path, false] as const),
])("with only %s, the message says whether it is quantised: %j", async (path, is) => {
  const { "openvino/openvino_model.bin": _, "rust_model.ot": __, ...others } = tinyModel();
  hub.push(name, {
    ...Object.fromEntries(
      Object.entries(others).filter(([file]) => !/^(model\.s|pytorch|onnx)/.test(file)),
    ),
    [path]: body,
  });
  const said = await openModel(name, { cacheDir }).catch((error: Error) => error.message);
  expect(said).toContain(`The folder has ${path} (`);
  expect(String(said).includes("; quantised)")).toBe(is);
});

/** Only small JSON files were requested. */
function expectNothingLarge(): void {
  const paths = [...hub.requests, ...hub.storageRequests]
    .map(({ path }) => /\/[0-9a-f]{40}\/(.+)$/.exec(path)?.[1])
    .filter((path) => path !== undefined);
  expect(paths.filter((path) => !/config[^/]*\.json$|^modules\.json$/.test(path))).toEqual([]);
  expect(hub.storageRequests).toEqual([]);
}
