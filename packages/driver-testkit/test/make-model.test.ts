import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArgumentError } from "@ripvec/core";
import { type ByteSource, openSafetensors } from "@ripvec/core/arch";
import { writeModel } from "@ripvec/driver-testkit/node";
import { describe, expect, test } from "vitest";
import { type ModelSpec, makeModel } from "../src/index.js";

const tiny: ModelSpec = {
  family: "bert",
  seed: 7,
  layers: 2,
  hidden: 12,
  heads: 3,
  intermediate: 20,
  vocabSize: 200,
  maxPositions: 16,
};

const sha256 = (bytes: Uint8Array = new Uint8Array()) =>
  createHash("sha256").update(bytes).digest("hex");
const jsonOf = (made: ReturnType<typeof makeModel>, path: string) =>
  JSON.parse(new TextDecoder().decode(made.files.get(path)));

function inMemory(bytes: Uint8Array = new Uint8Array()): ByteSource {
  return {
    path: "model.safetensors",
    byteLength: bytes.byteLength,
    read: (from, byteLength) => bytes.subarray(from, from + byteLength),
    local: false,
    hash: async () => sha256(bytes),
  };
}

describe("makeModel", () => {
  test("a BERT has the files and names of Hugging Face", () => {
    const made = makeModel({ ...tiny, pooling: "cls", normalize: true });
    expect([...made.files.keys()].sort()).toEqual([
      "1_Pooling/config.json",
      "config.json",
      "model.safetensors",
      "modules.json",
      "sentence_bert_config.json",
      "special_tokens_map.json",
      "tokenizer.json",
      "tokenizer_config.json",
      "vocab.txt",
    ]);
    expect(jsonOf(made, "config.json")).toMatchObject({
      model_type: "bert",
      hidden_size: 12,
      layer_norm_eps: 1e-12,
      hidden_act: "gelu",
    });
    expect(jsonOf(made, "1_Pooling/config.json").pooling_mode_cls_token).toBe(true);
    expect(made.source.modules?.map((module) => module.path)).toEqual([
      "",
      "1_Pooling",
      "2_Normalize",
    ]);
    const { weights } = made.source;
    expect(weights.get("encoder.layer.1.attention.self.query.weight").shape).toEqual([12, 12]);
    expect(weights.get("encoder.layer.0.intermediate.dense.weight").shape).toEqual([20, 12]);
    expect(weights.get("embeddings.position_ids").dtype).toBe("i64");
    expect(weights.has("encoder.layer.2.output.dense.bias")).toBe(false);
    expect(() => weights.get("nope")).toThrow(/nope/);
  });

  test.each([
    ["bert", "bert.embeddings.LayerNorm.weight", [12]],
    ["roberta", "roberta.embeddings.position_embeddings.weight", [18, 12]],
    ["distilbert", "distilbert.transformer.layer.1.ffn.lin1.weight", [20, 12]],
    ["electra", "electra.embeddings_project.weight", [12, 8]],
  ] as const)("%s with its prefix has %s", (family, name, shape) => {
    const { source } = makeModel({ ...tiny, family, prefix: true, embeddingSize: 8 });
    expect(source.weights.get(name).shape).toEqual(shape);
  });

  test("DistilBERT and RoBERTa have no second token type", () => {
    const types = "embeddings.token_type_embeddings.weight";
    expect(makeModel({ ...tiny, family: "distilbert" }).source.weights.has(types)).toBe(false);
    const roberta = makeModel({ ...tiny, family: "roberta" });
    expect(roberta.source.weights.get(types).shape).toEqual([1, 12]);
    expect(roberta.source.config).toMatchObject({ max_position_embeddings: 18, pad_token_id: 1 });
  });

  test("a Dense module brings its own weights", () => {
    const made = makeModel({ ...tiny, dense: { out: 5, activation: "tanh" } });
    const dense = made.source.modules?.find((module) => module.path === "2_Dense");
    expect(dense?.weights?.get("linear.weight").shape).toEqual([5, 12]);
    expect(dense?.config.activation_function).toBe("torch.nn.modules.activation.Tanh");
    expect(made.files.has("2_Dense/model.safetensors")).toBe(true);
  });

  test("the same seed gives the same bytes, also on another machine", () => {
    const weights = (seed: number) => makeModel({ ...tiny, seed }).files.get("model.safetensors");
    expect(sha256(weights(7))).toBe(
      "944aa5e9fe3269c8a12c779bf7db6e68cbff74874df2cb69ea06193b9b6aba80",
    );
    expect(sha256(weights(8))).not.toBe(sha256(weights(7)));
  });

  test("16-bit weights take half the bytes", () => {
    const name = "encoder.layer.0.output.dense.weight";
    for (const dtype of ["f16", "bf16"] as const) {
      const view = makeModel({ ...tiny, dtype }).source.weights.get(name);
      expect([view.dtype, view.byteLength, view.bytes().byteLength]).toEqual([dtype, 480, 480]);
    }
  });

  test.each(["f16", "bf16", "i8"] as const)(
    "a checkpoint in %s keeps its vectors and modules",
    (dtype) => {
      const dense = { out: 5, activation: "tanh" } as const;
      const { source, files } = makeModel({ ...tiny, dense, matrixDtype: dtype });
      const file = openSafetensors(inMemory(files.get("model.safetensors")));
      for (const weights of [source.weights, file]) {
        const dtypeOf = (name: string) => weights.get(name).dtype;
        expect(dtypeOf("encoder.layer.0.output.dense.weight")).toBe(dtype);
        expect(dtypeOf("embeddings.word_embeddings.weight")).toBe(dtype);
        expect(dtypeOf("encoder.layer.0.output.dense.bias")).toBe("f32");
        expect(dtypeOf("embeddings.LayerNorm.weight")).toBe("f32");
        const { scales } = weights.get("embeddings.word_embeddings.weight");
        expect(scales?.shape).toEqual(dtype === "i8" ? [200, 1] : undefined);
        expect(weights.has("embeddings.word_embeddings.weight_scale")).toBe(dtype === "i8");
      }
      const module = source.modules?.find(({ path }) => path === "2_Dense");
      expect(module?.weights?.get("linear.weight").dtype).toBe("f32");
    },
  );

  test("words that don't fit are refused", () => {
    expect(() => makeModel({ ...tiny, vocabSize: 20, words: ["hello"] })).toThrow(ArgumentError);
  });

  test("writeModel writes every file", async () => {
    const directory = await mkdtemp(join(tmpdir(), "ripvec-made-"));
    try {
      const made = makeModel(tiny);
      await writeModel(join(directory, "model"), made);
      const names = await readdir(join(directory, "model"), { recursive: true });
      expect(names).toContain("modules.json");
      const written = await readFile(join(directory, "model", "model.safetensors"));
      expect(sha256(written)).toBe(sha256(made.files.get("model.safetensors")));
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
