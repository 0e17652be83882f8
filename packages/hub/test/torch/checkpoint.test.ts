import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openModel } from "../../src/index.js";
import { cacheDir, hub, name } from "../remote-hub.js";
import { tempDir, writeFiles } from "../temp-dir.js";
import { jsonFile, safetensors, tinyModel } from "../tiny-model.js";

const torchFile = (file: string): Uint8Array =>
  readFileSync(fileURLToPath(new URL(`files/${file}.bin`, import.meta.url)));

function pickled(files: Readonly<Record<string, Uint8Array>>): Record<string, Uint8Array> {
  const { "model.safetensors": _, "pytorch_model.bin": __, ...others } = tinyModel();
  return { ...others, ...files };
}

test("pytorch_model.bin supplies the weights when there are no others", async () => {
  const directory = await writeFiles(
    await tempDir(),
    pickled({ "pytorch_model.bin": torchFile("bert") }),
  );
  const { weights } = await openModel(directory);
  const view = weights.get("encoder.layer.0.output.dense.weight");
  expect([view.dtype, view.shape]).toEqual(["f16", [4, 6]]);
  expect(view.file?.path).toBe(join(directory, "pytorch_model.bin"));
  expect(await weights.hash()).toBe(createHash("sha256").update(torchFile("bert")).digest("hex"));
});

test("safetensors take precedence, and the other file is not downloaded", async () => {
  hub.push(name, { ...tinyModel(), "pytorch_model.bin": torchFile("bert") });
  const { weights } = await openModel(name, { cacheDir });
  expect(weights.has("bias")).toBe(true);
  expect(hub.downloads("pytorch_model.bin")).toBe(0);
});

test("an index of shards takes precedence over a pickle too", async () => {
  const files = pickled({
    "pytorch_model.bin": torchFile("bert"),
    "model.safetensors.index.json": jsonFile({ weight_map: { a: "a.safetensors" } }),
    "a.safetensors": safetensors({ a: [1] }),
  });
  const { weights } = await openModel(await writeFiles(await tempDir(), files));
  expect(weights.names).toEqual(["a"]);
});

test("shards of pytorch_model.bin.index.json", async () => {
  const weightMap = { weight: "pytorch_model-1.bin", w: "pytorch_model-2.bin" };
  hub.push(
    name,
    pickled({
      "pytorch_model-1.bin": torchFile("state-dict"),
      "pytorch_model-2.bin": torchFile("extras"),
      "pytorch_model.bin.index.json": jsonFile({ metadata: {}, weight_map: weightMap }),
    }),
  );
  const { weights } = await openModel(name, { cacheDir });
  expect(weights.names).toEqual(["weight", "w"]);
  expect(weights.get("weight").shape).toEqual([2, 3]);
  expect(weights.get("w").shape).toEqual([2]);
});

test("a module's own pickle", async () => {
  const { "2_Dense/model.safetensors": _, ...others } = tinyModel();
  const files = { ...others, "2_Dense/pytorch_model.bin": torchFile("state-dict") };
  const { modules } = await openModel(await writeFiles(await tempDir(), files));
  expect(modules?.[2]?.weights?.names).toEqual(["weight", "bias"]);
});

test("the error for a pickle without tensors names its file", async () => {
  const files = pickled({ "pytorch_model.bin": torchFile("whole-module") });
  await expect(openModel(await writeFiles(await tempDir(), files))).rejects.toMatchObject({
    code: "MODEL_FILE",
    message: expect.stringMatching(
      /pytorch_model\.bin: names "torch\.nn\.modules\.linear\.Linear"/,
    ),
  });
});
