import { readFileSync } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModelArch } from "@ripvec/core";
import { type LoadedModel, quantizeRows, toF32 } from "@ripvec/core/arch";
import { type NamedTensor, safetensorsFile } from "@ripvec/driver-testkit";
import { describe, expect, test } from "vitest";
import { convertModel, openModel } from "../../src/index.js";
import { writePythonCache } from "../python-cache-files.js";
import { safetensorsOf } from "../quantized/files.js";
import { cacheDir, hub, name } from "../remote-hub.js";
import { tempDir, writeFiles } from "../temp-dir.js";
import { convertTo, filesOf } from "./convert-to.js";
import { copied, toyArch, toyModel, toyTensors } from "./toy-model.js";

/**
 * SHA-256 of the result for the ordinary model. Every other way to store that model must give the
 * same.
 */
const ordinary = async () => (await convertTo("i8")).sha256;

test("shards become one file with the same bytes", async () => {
  const tensors = toyTensors();
  const shards = new Map([
    ["model-00001-of-00002.safetensors", tensors.slice(0, 3)],
    ["model-00002-of-00002.safetensors", tensors.slice(3)],
  ]);
  const places = [...shards].flatMap(([file, of]) => of.map((tensor) => [tensor.name, file]));
  const index = { metadata: {}, weight_map: Object.fromEntries(places) };
  const { directory, sha256 } = await convertTo(
    "i8",
    toyModel({
      "model.safetensors.index.json": Buffer.from(JSON.stringify(index)),
      ...Object.fromEntries([...shards].map(([file, of]) => [file, safetensorsFile(of)])),
    }),
  );
  expect(sha256).toBe(await ordinary());
  expect((await filesOf(directory)).filter((path) => path.startsWith("model"))).toEqual([
    "model.safetensors",
  ]);
});

test("the order of the tensors in the file does not matter", async () => {
  const file = safetensorsFile(toyTensors().reverse());
  expect((await convertTo("i8", toyModel({ "model.safetensors": file }))).sha256).toBe(
    await ordinary(),
  );
});

test("f64 is first rounded to f32", async () => {
  const { sha256 } = await convertTo("i8", toyModel({ "model.safetensors": inF64(toyTensors()) }));
  expect(sha256).toBe(await ordinary());
});

test("licences and notes that are not files are named and left out", async () => {
  const { directory, leftOut, sha256 } = await convertTo(
    "i8",
    toyModel({
      "model.safetensors": safetensorsFile(toyTensors()),
      "COPYING/apache.txt": Buffer.from("terms"),
      "NOTICE: web": Buffer.from("more"),
    }),
  );
  expect(leftOut.toSorted()).toEqual(["COPYING", "NOTICE: web"]);
  expect((await filesOf(directory)).filter((path) => /COPYING|NOTICE: /.test(path))).toEqual([]);
  expect(sha256).toBe(await ordinary());
});

/** The floats of f32 as f64. */
function inF64(tensors: readonly NamedTensor[]): Uint8Array {
  const stored = tensors.map(({ dtype, shape, bytes, name }) => {
    if (dtype !== "f32") return [name, { dtype: "I64", shape, bytes }] as const;
    const wide = Float64Array.from(new Float32Array(new Uint8Array(bytes).buffer));
    return [name, { dtype: "F64", shape, bytes: new Uint8Array(wide.buffer) }] as const;
  });
  return safetensorsOf(Object.fromEntries(stored));
}

test("pytorch_model.bin, as PyTorch wrote it, becomes model.safetensors", async () => {
  const path = fileURLToPath(new URL("../torch/files/bert.bin", import.meta.url));
  const table = "embeddings.word_embeddings.weight";
  const arch: ModelArch = {
    name: "one-table",
    async load(driver, { weights }, { dtype }) {
      driver.createTensor(weights.get(table), "table", { dtype });
      return {} as LoadedModel;
    },
  };
  const folder = await tempDir();
  const model = toyModel({ "pytorch_model.bin": readFileSync(path) });
  const original = await writeFiles(join(folder, "original"), model);
  await convertModel(original, { arch, dtype: "i8", out: join(folder, "out") });
  const [to, from] = [await openModel(join(folder, "out")), await openModel(original)];
  expect(await filesOf(join(folder, "out"))).not.toContain("pytorch_model.bin");
  const before = from.weights.get(table);
  const { values } = quantizeRows(toF32(before), before.shape[0] ?? 0);
  expect(Buffer.from(to.weights.get(table).bytes())).toEqual(Buffer.from(values.buffer));
  expect(to.weights.get("embeddings.LayerNorm.weight").dtype).toBe("f16");
});

describe("by its id", () => {
  const convert = async (options: { cacheDir?: string; offline?: boolean; revision?: string }) =>
    convertModel(name, {
      arch: toyArch,
      dtype: "i8",
      out: join(await tempDir(), "out"),
      cacheDir,
      ...options,
    });

  test("files, including licences, are downloaded, and are not links into the cache", async () => {
    hub.push(name, toyModel());
    const { directory, sha256, leftOut } = await convert({});
    expect(sha256).toBe(await ordinary());
    expect(leftOut).toEqual([]);
    const files = await filesOf(directory);
    expect(files).toEqual(
      [...copied, "2_Dense/model.safetensors", "config.json", "model.safetensors"].sort(),
    );
    for (const path of files) {
      expect((await lstat(join(directory, path))).isFile(), path).toBe(true);
    }
    expect(hub.downloads("tf_model.h5")).toBe(0);
    expect(hub.downloads("licensed-data.bin")).toBe(0);
  });

  test("offline, after the model was opened, files that were not fetched are left out and named", async () => {
    hub.push(name, toyModel());
    await openModel(name, { cacheDir });
    const { directory, leftOut, sha256 } = await convert({ offline: true });
    expect(sha256).toBe(await ordinary());
    const notOpened = [
      "LICENSE",
      "LICENSE-APACHE.txt",
      "NOTICE.md",
      "README.md",
      "sentencepiece.bpe.model",
      "special_tokens_map.json",
      "vocab.txt",
    ];
    expect(leftOut.toSorted()).toEqual(notOpened);
    expect((await openModel(directory)).tokenizer.encode("hello").inputIds.length).toBe(3);
  });

  test("files that only Python's cache has are copied from there", async () => {
    const files = toyModel();
    const revision = hub.push(name, files);
    const inPython = ["config.json", "tokenizer.json", "2_Dense/model.safetensors"];
    await writePythonCache({
      cacheDir: join(cacheDir, "of-python"),
      model: name,
      commit: revision,
      files: Object.fromEntries(Object.entries(files).filter(([path]) => inPython.includes(path))),
    });
    const { directory, sha256 } = await convert({});
    expect(inPython.map((path) => hub.downloads(path))).toEqual([0, 0, 0]);
    expect(sha256).toBe(await ordinary());
    expect(await filesOf(directory)).toEqual(
      [...copied, "2_Dense/model.safetensors", "config.json", "model.safetensors"].sort(),
    );
  });
});
