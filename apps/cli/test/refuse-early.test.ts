import { templateDriver } from "@ripvec/driver-testkit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HubServer } from "../../../packages/hub/test/hub-server.js";
import { jsonFile, tinyModel } from "../../../packages/hub/test/tiny-model.js";
import { main } from "../src/cli.js";
import { createEmbedder } from "../src/index.js";
import { fakeIo } from "./support/fake-io.js";
import { tempFolder } from "./support/temp-folder.js";

vi.mock("@ripvec/driver-cpu", () => ({ cpu: async () => templateDriver({}) }));

type Changes = Readonly<Record<string, Uint8Array | undefined>>;

const st = "sentence_transformers.models";
const large = Buffer.alloc(200_000);

const config = (changes: object): Changes => ({
  "config.json": jsonFile({
    architectures: ["BertModel"],
    model_type: "bert",
    vocab_size: 30,
    hidden_size: 8,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 16,
    max_position_embeddings: 512,
    type_vocab_size: 2,
    hidden_act: "gelu",
    ...changes,
  }),
});

const modules = (...entries: readonly (readonly [type: string, path: string])[]): Changes => ({
  "modules.json": jsonFile(
    entries.map(([type, path], idx) => ({ idx, name: `${idx}`, path, type })),
  ),
});

const noWeights: Changes = {
  "model.safetensors": undefined,
  "openvino/openvino_model.bin": undefined,
  "onnx/model.onnx": undefined,
  "rust_model.ot": undefined,
};

/** Repositories with models that cannot be computed here, and the message for each. */
const repositories: readonly (readonly [kind: string, changes: Changes, message: RegExp])[] = [
  [
    "decoder",
    config({ model_type: "qwen3", architectures: ["Qwen3ForCausalLM"] }),
    /model_type.*"qwen3"/,
  ],
  ["MPNet", config({ model_type: "mpnet" }), /model_type .*"mpnet"/],
  ["ModernBERT", config({ model_type: "modernbert" }), /model_type.*"modernbert"/],
  ["own code", config({ auto_map: { AutoModel: "modeling.NewModel" } }), /modeling\.NewModel/],
  ["quantised", config({ quantization_config: { quant_method: "gptq", bits: 4 } }), /"gptq"/],
  ["relative positions", config({ position_embedding_type: "relative_key" }), /"relative_key"/],
  ["StaticEmbedding", modules([`${st}.StaticEmbedding`, ""]), /static embedding.*Model2Vec/],
  [
    "Model2Vec",
    { ...config({ model_type: "model2vec" }), ...modules([`${st}.StaticEmbedding`, "."]) },
    /static embedding.*Model2Vec/,
  ],
  ["Router", modules(["sentence_transformers.base.modules.router.Router", ""]), /router between/],
  ["CLIP", modules([`${st}.CLIPModel`, ""]), /model of images and texts/],
  ["own module", modules(["custom_st.Transformer", ""]), /custom code.*"custom_st\.Transformer"/],
  [
    "CNN",
    modules([`${st}.Transformer`, ""], [`${st}.CNN`, "1_CNN"], [`${st}.Pooling`, "1_Pooling"]),
    /sentence_transformers\.models\.CNN/,
  ],
  [
    "adapter",
    {
      ...noWeights,
      "config.json": undefined,
      "adapter_model.safetensors": large,
      "adapter_config.json": jsonFile({ peft_type: "LORA", base_model_name_or_path: "a/b" }),
    },
    /adapter_config\.json: is a PEFT adapter of type LORA for "a\/b"/,
  ],
  [
    "cross-encoder",
    { "config_sentence_transformers.json": jsonFile({ model_type: "CrossEncoder" }) },
    /model_type in config_sentence_transformers\.json "CrossEncoder"/,
  ],
  [
    "no pooling settings",
    { "1_Pooling/config.json": undefined },
    /1_Pooling.config\.json: is missing/,
  ],
  [
    "ONNX only",
    { ...noWeights, "onnx/model.onnx": large },
    /The folder has onnx\/model\.onnx \(ONNX\)/,
  ],
  [
    "GGUF only",
    { ...noWeights, "config.json": undefined, "q8.gguf": large },
    /The folder has q8\.gguf/,
  ],
  ["TensorFlow only", { ...noWeights, "tf_model.h5": large }, /The folder has tf_model\.h5/],
  [
    "Flax only",
    { ...noWeights, "flax_model.msgpack": large },
    /The folder has flax_model\.msgpack/,
  ],
];

let hub: HubServer;
beforeEach(async () => {
  hub = await HubServer.start();
  vi.stubEnv("HF_ENDPOINT", hub.url);
  vi.stubEnv("RIPVEC_CACHE", tempFolder());
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.stop();
});

function fileEntries(changes: Changes): Record<string, Uint8Array> {
  const all: Changes = {
    ...tinyModel(),
    "pytorch_model.bin": undefined,
    "tokenizer.json": large,
    ...config({}),
    ...changes,
  };
  const files = Object.entries(all).flatMap(([path, body]) =>
    body ? [[path, body] as const] : [],
  );
  return Object.fromEntries(files);
}

async function embedWith(changes: Changes, argv: readonly string[] = []): Promise<string> {
  hub.push("owner/model", fileEntries(changes));
  const io = fakeIo();
  expect(await main(["embed", "text", "--model", "owner/model", ...argv], io)).toBe(1);
  return io.err();
}

/** Weights and the tokenizer are large, so the hub keeps them in its storage. */
function expectNothingLarge(): void {
  expect(hub.storageRequests).toEqual([]);
}

test.each(repositories)(
  "%s: a one-line message, and no large file is requested",
  async (_, changes, message) => {
    const said = await embedWith(changes);
    expect(said).toMatch(message);
    expect(said).toMatch(/^error: [^\n]*\n$/);
    expect(said).not.toContain("unexpected");
    expectNothingLarge();
  },
);

test("--pooling is checked before the download too", async () => {
  const unknown = {
    "1_Pooling/config.json": jsonFile({ embedding_dimension: 8, pooling_mode: "attention" }),
  };
  expect(await embedWith(unknown)).toMatch(/attention/);
  expectNothingLarge();
});

test.each([
  ["dtype", { dtype: "int8" }, /weight dtype.*int8/],
  ["activations", { activations: "f17" }, /activations.*f17/],
  ["dimensions of the model", { dimensions: 9999 }, /^dimensions must be .* 1 … 4, got 9999/],
  ["dimensions as text", { dimensions: "4" }, /^dimensions must be .*, got "4"/],
  ["maxTokens of the model", { maxTokens: 9999 }, /^maxTokens must be .*, got 9999/],
  ["maxBatch", { maxBatch: 0 }, /^maxBatch must be .*, got 0/],
  ["driver that opens nothing", { driver: () => ({}) }, /must give a Driver/],
  ["driver that is not installed", { driver: "ripvec-driver-absent" }, /ripvec-driver-absent/],
  ["driver that fails", { driver: () => Promise.reject(new Error("no device")) }, /no device/],
])("a wrong %s is refused before the download", async (_, options, message) => {
  hub.push("owner/right", fileEntries({}));
  await expect(createEmbedder("owner/right", options as object)).rejects.toThrow(message);
  expectNothingLarge();
});

test("a driver is closed when the model is refused", async () => {
  const driver = await templateDriver({});
  const opening = createEmbedder("/absent/folder", { driver: async () => driver });
  await expect(opening).rejects.toThrow("/absent/folder");
  expect(driver.closed).toBe(true);
});
