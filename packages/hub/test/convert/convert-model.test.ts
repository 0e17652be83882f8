import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  quantizeRows,
  scaleName,
  toF32,
  type WeightSource,
  type WeightView,
} from "@ripvec/core/arch";
import { encodeTensor, type NamedTensor, safetensorsFile } from "@ripvec/driver-testkit";
import { expect, test } from "vitest";
import { type NarrowDType, openModel } from "../../src/index.js";
import { rowQuantization } from "../quantized/files.js";
import { convertTo, filesOf } from "./convert-to.js";
import { copied, narrow, type StoredIn, toyModel, toyTensors } from "./toy-model.js";

const bytesOf = (view: WeightView): string => Buffer.from(view.bytes()).toString("hex");

/** Names of tensors that differ in dtype, shape or bytes. */
const changed = (to: WeightSource, from: WeightSource): string[] =>
  from.names
    .filter((name) => {
      const [a, b] = [to.get(name), from.get(name)];
      return (
        a.dtype !== b.dtype || String(a.shape) !== String(b.shape) || bytesOf(a) !== bytesOf(b)
      );
    })
    .toSorted();

const storedIn = (dtype: StoredIn) =>
  toyModel({ "model.safetensors": safetensorsFile(toyTensors(dtype)) });

test.each<StoredIn>(["f32", "f16", "bf16"])(
  "i8 of %s: matrices and tables have values and scales by the rule of core",
  async (stored) => {
    const { directory, original } = await convertTo("i8", storedIn(stored));
    const [{ weights: to }, { weights: from }] = [
      await openModel(directory),
      await openModel(original),
    ];
    expect(to.names.toSorted()).toEqual([...from.names, ...narrow.map(scaleName)].sort());
    expect(changed(to, from)).toEqual(narrow);
    for (const name of narrow) {
      const [view, before] = [to.get(name), from.get(name)];
      const [rows = 0, cols = 0] = before.shape;
      const { values, scales } = quantizeRows(toF32(before), rows);
      expect([view.dtype, view.shape]).toEqual(["i8", before.shape]);
      expect(view.scales).toMatchObject({ dtype: "f32", shape: [rows, 1] });
      expect(bytesOf(view)).toBe(Buffer.from(values.buffer).toString("hex"));
      const widened = Float32Array.from(
        values,
        (value, i) => value * (scales[Math.floor(i / cols)] ?? Number.NaN),
      );
      expect(toF32(view)).toEqual(widened);
    }
  },
);

/**
 * 1 + 2⁻¹¹ lies halfway between two values of f16 and is rounded to the even one, 1; 1 + 3·2⁻¹¹ is
 * rounded to 1 + 2⁻⁹.
 */
test("f16 and bf16 are rounded to nearest even", async () => {
  const tensors = toyTensors().map((tensor) => {
    if (tensor.name !== "mixing") return tensor;
    const values = Float32Array.from({ length: 12 }, (_, i) => 1 + i * 2 ** -11);
    return { ...tensor, bytes: new Uint8Array(values.buffer) };
  });
  const model = toyModel({ "model.safetensors": safetensorsFile(tensors) });
  const valuesOf = async (dtype: "f16" | "bf16") => {
    const { directory, original } = await convertTo(dtype, model);
    const { weights } = await openModel(directory);
    expect(changed(weights, (await openModel(original)).weights)).toEqual(narrow);
    expect(narrow.map((name) => weights.get(name).dtype)).toEqual(narrow.map(() => dtype));
    return Array.from(toF32(weights.get("mixing")), (value) => (value - 1) * 2 ** 11);
  };
  expect(await valuesOf("f16")).toEqual([0, 0, 2, 4, 4, 4, 6, 8, 8, 8, 10, 12]);
  expect(await valuesOf("bf16")).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 16, 16]);
});

test("tensors that already have the dtype keep every byte", async () => {
  const { directory, original } = await convertTo("f16", storedIn("f16"));
  const [to, from] = [await openModel(directory), await openModel(original)];
  expect(changed(to.weights, from.weights)).toEqual([]);
});

test("files of the model are copied, and no others", async () => {
  const { directory, original, leftOut } = await convertTo("i8");
  const weights = ["2_Dense/model.safetensors", "model.safetensors"];
  expect(await filesOf(directory)).toEqual([...copied, ...weights, "config.json"].sort());
  expect(leftOut).toEqual([]);
  for (const path of copied) {
    const [to, from] = await Promise.all(
      [directory, original].map((folder) => readFile(join(folder, path))),
    );
    expect(to, path).toEqual(from);
  }
  const denseOf = async (folder: string) => {
    const dense = (await openModel(folder)).modules?.[2]?.weights;
    return dense?.names.map((name) => [name, dense.get(name).dtype, bytesOf(dense.get(name))]);
  };
  expect((await denseOf(directory))?.sort()).toEqual((await denseOf(original))?.sort());
});

test.each<[NarrowDType, "f16" | "bf16"]>([
  ["i8", "f16"],
  ["f16", "f16"],
  ["i8", "bf16"],
])("to %s: a module in 8 bits with scales of %s stays unchanged", async (dtype, ofScales) => {
  const floats = Float32Array.of(0.5, 1, 2, 4);
  const tensors: readonly NamedTensor[] = [
    {
      name: "linear.weight",
      dtype: "i8",
      shape: [4, 8],
      bytes: new Uint8Array(32).map((_, i) => i),
    },
    encodeTensor("linear.weight_scale", [4, 1], floats, ofScales),
    encodeTensor("linear.bias", [4], floats, "f32"),
  ];
  const model = { ...toyModel(), "2_Dense/model.safetensors": safetensorsFile(tensors) };
  const { directory, original } = await convertTo(dtype, model);
  const denseOf = async (folder: string) => {
    const weights = (await openModel(folder)).modules?.[2]?.weights;
    if (!weights) throw new Error("the module has no weights");
    return weights;
  };
  const [to, from] = [await denseOf(directory), await denseOf(original)];
  expect(to.names.toSorted()).toEqual(from.names.toSorted());
  expect(changed(to, from)).toEqual([]);
});

test.each([
  ["i8", "float32"],
  ["f16", "float16"],
  ["bf16", "bfloat16"],
] as const)(
  "config.json of %s names the dtype that transformers computes in",
  async (dtype, name) => {
    const { directory } = await convertTo(dtype);
    const config: unknown = JSON.parse(await readFile(join(directory, "config.json"), "utf8"));
    expect(config).toEqual({
      model_type: "toy",
      layer_norm_eps: 1e-12,
      dtype: name,
      ...(dtype === "i8" && { quantization_config: rowQuantization }),
    });
  },
);

test("the rest of config.json keeps its text", async () => {
  const written = `\uFEFF{"a": 0.0, "torch_dtype":"float16","b\\"{,":[1e-05,{"dtype":1,"x":"],}"}],

    "dtype" : null, "\\u0064type": 3, "c" :1.00 }\r\n`;
  const { directory } = await convertTo("f16", {
    ...toyModel(),
    "config.json": Buffer.from(written),
  });
  expect(await readFile(join(directory, "config.json"), "utf8")).toBe(`{
  "a": 0.0,
  "b\\"{,":[1e-05,{"dtype":1,"x":"],}"}],
  "c" :1.00,
  "dtype": "float16"
}
`);
  const empty = await convertTo("bf16", { ...toyModel(), "config.json": Buffer.from("{}") });
  const text = await readFile(join(empty.directory, "config.json"), "utf8");
  expect(text).toBe('{\n  "dtype": "bfloat16"\n}\n');
});

test("the same model gives the same bytes, with their digest and number", async () => {
  const [one, two] = [await convertTo("i8"), await convertTo("i8")];
  const files = await filesOf(one.directory);
  expect(await filesOf(two.directory)).toEqual(files);
  for (const path of files) {
    const [a, b] = await Promise.all([one, two].map((x) => readFile(join(x.directory, path))));
    expect(a, path).toEqual(b);
  }
  const weights = await readFile(join(one.directory, "model.safetensors"));
  expect(one.bytesAfter).toBe(weights.byteLength);
  expect(one.sha256).toBe(createHash("sha256").update(weights).digest("hex"));
  const before = toyTensors().reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  expect(one.bytesBefore).toBe(before);
});

test("the transformer may have its own folder", async () => {
  const files = Object.entries(toyModel()).map(([path, body]) => {
    const isOfModel = /^(modules|config_sentence_transformers)\.json$|^\d_|^(README|LICEN|NOTICE)/;
    return [isOfModel.test(path) ? path : `0_Transformer/${path}`, body] as const;
  });
  const modules = JSON.parse(Buffer.from(toyModel()["modules.json"] ?? "").toString());
  modules[0].path = "0_Transformer";
  const model = {
    ...Object.fromEntries(files),
    "modules.json": Buffer.from(JSON.stringify(modules)),
  };
  const { directory } = await convertTo("i8", model);
  const found = await filesOf(directory);
  expect(found).toContain("0_Transformer/model.safetensors");
  expect(found).toContain("0_Transformer/sentence_bert_config.json");
  const { weights, config } = await openModel(directory);
  expect(weights.get("words.weight").dtype).toBe("i8");
  expect(config.dtype).toBe("float32");
});
