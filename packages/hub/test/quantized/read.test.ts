import { type JsonObject, toF32 } from "@ripvec/core/arch";
import { describe, expect, test } from "vitest";
import { openModel as openInBrowser } from "../../src/browser.js";
import { openModel } from "../../src/index.js";
import { server } from "../browser/tiny-directory.js";
import type { RepoFiles } from "../hub-server.js";
import { cacheDir, hub, name } from "../remote-hub.js";
import { tempDir, writeFiles } from "../temp-dir.js";
import { jsonFile } from "../tiny-model.js";
import { fileOf, jsonOf, rowQuantization, type Stored, safetensorsOf, tinyWith } from "./files.js";

const openFiles = async (files: RepoFiles) => openModel(await writeFiles(await tempDir(), files));

/** The settings that `ripvec convert --dtype i8` writes. */
const ours: JsonObject = { dtype: "float32", quantization_config: rowQuantization };

const bytesOf = (array: Float32Array | Int8Array): Uint8Array => Buffer.from(array.buffer);
const values: Stored = {
  dtype: "I8",
  shape: [2, 3],
  bytes: bytesOf(Int8Array.of(1, -2, 3, 127, 0, -127)),
};
const scales: Stored = { dtype: "F32", shape: [2, 1], bytes: bytesOf(Float32Array.of(0.5, 2)) };
const read = Float32Array.of(0.5, -1, 1.5, 254, 0, -254);

test("a file of compressed-tensors is read as that software reads it", async () => {
  const { quantization_config } = jsonOf<JsonObject>("int-quantized.config.json");
  const files = { "model.safetensors": fileOf("int-quantized.safetensors") };
  const { weights } = await openFiles(tinyWith({ quantization_config }, files));
  const expected = Object.entries(jsonOf<Record<string, string>>("int-quantized.expected.json"));
  expect(expected.length).toBeGreaterThan(2);
  for (const [tensor, hex] of expected) {
    const view = weights.get(tensor);
    expect(view).toMatchObject({ dtype: "i8", scales: { dtype: "f32", shape: [8, 1] } });
    expect(Buffer.from(toF32(view).buffer).toString("hex")).toBe(hex);
  }
  // −128 is among the values of compressed-tensors, but not among those of ripvec.
  const all = expected.flatMap(([tensor]) => [...new Int8Array(weights.get(tensor).bytes())]);
  expect(Math.min(...all)).toBe(-128);
});

describe("a checkpoint as ripvec writes it", () => {
  const files = tinyWith(ours, {
    "model.safetensors": safetensorsOf({ w: values, w_scale: scales }),
  });

  test("from a folder, a hub and a web server", async () => {
    hub.push(name, files);
    server.files = files;
    const models = [
      await openFiles(files),
      await openModel(name, { cacheDir }),
      await openInBrowser(server.url),
    ];
    for (const { weights } of models) expect(toF32(weights.get("w"))).toEqual(read);
  });

  test.each([true, false])("in shards, with the scale in the same shard: %j", async (same) => {
    const place = same ? "a.safetensors" : "b.safetensors";
    const shards: RepoFiles = same
      ? { "a.safetensors": safetensorsOf({ w: values, w_scale: scales }) }
      : {
          "a.safetensors": safetensorsOf({ w: values }),
          [place]: safetensorsOf({ w_scale: scales }),
        };
    const index = { weight_map: { w: "a.safetensors", w_scale: place } };
    const { weights } = await openFiles(
      tinyWith(ours, { ...shards, "model.safetensors.index.json": jsonFile(index) }),
    );
    expect(weights.get("w")).toMatchObject({ dtype: "i8", scales: { name: "w_scale" } });
    expect(toF32(weights.get("w"))).toEqual(read);
  });

  test("a broken scale in another shard names the index and the tensor", async () => {
    const broken = { ...scales, bytes: bytesOf(Float32Array.of(1, Number.NaN)) };
    const { weights } = await openFiles(
      tinyWith(ours, {
        "a.safetensors": safetensorsOf({ w: values }),
        "b.safetensors": safetensorsOf({ w_scale: broken }),
        "model.safetensors.index.json": jsonFile({
          weight_map: { w: "a.safetensors", w_scale: "b.safetensors" },
        }),
      }),
    );
    expect(() => weights.get("w")).toThrow(
      /model\.safetensors\.index\.json, tensor "w_scale": the scale of row 1 is NaN/,
    );
  });
});
