import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ModelFileError, UnsupportedError } from "@ripvec/core";
import type { ByteSource } from "@ripvec/core/arch";
import { describe, expect, test } from "vitest";
import { memorySource } from "../../src/browser/memory-source.js";
import { openFileSource } from "../../src/node/file-source.js";
import { openTorch } from "../../src/torch/open-torch.js";
import { dict, int, makeArchive, pickle, tensor, tuple } from "./make-archive.js";

interface ExpectedTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly hex: string;
}

const pathOf = (name: string): string => fileURLToPath(new URL(`files/${name}`, import.meta.url));
const expected = JSON.parse(readFileSync(pathOf("expected.json"), "utf8")) as Record<
  string,
  Record<string, ExpectedTensor>
>;

const inMemory = (name: string): ByteSource =>
  memorySource(name, { bytes: readFileSync(pathOf(`${name}.bin`)), sha256: "0" });

/** core reads f64 as f32. */
function rounded(hex: string): string {
  const doubles = new Float64Array(Uint8Array.from(Buffer.from(hex, "hex")).buffer);
  return Buffer.from(Float32Array.from(doubles).buffer).toString("hex");
}

/** The dtypes that core's tensors can have; others are listed but cannot be read. */
const given = new Set(["F32", "F16", "BF16", "F64", "I8", "I32", "I64"]);

describe("files of torch.save", () => {
  test.each(Object.keys(expected))("%s: every tensor as torch.load reads it", async (name) => {
    const tensors = expected[name] ?? {};
    const local = openTorch(await openFileSource(pathOf(`${name}.bin`)));
    for (const source of [openTorch(inMemory(name)), local]) {
      expect(source.names).toEqual(Object.keys(tensors));
      for (const [key, { dtype, shape, hex }] of Object.entries(tensors)) {
        if (!given.has(dtype)) {
          expect(() => source.get(key)).toThrow(new RegExp(`${key}.*has dtype ${dtype}`));
          continue;
        }
        const view = source.get(key);
        const wanted = dtype === "F64" ? rounded(hex) : hex;
        const found = Buffer.from(view.bytes()).toString("hex");
        const facts = [key, view.shape, view.byteLength, found];
        expect(facts).toEqual([key, shape, wanted.length / 2, wanted]);
        expect(view.dtype).toBe(dtype === "F64" ? "f32" : dtype.toLowerCase());
      }
    }
  });

  test("contiguous tensors of a local file can be read in place; strided ones cannot", async () => {
    const path = pathOf("views.bin");
    const source = openTorch(await openFileSource(path));
    const bytes = readFileSync(path);
    for (const name of ["narrow", "scalar", "one"]) {
      const { file, byteLength, bytes: read } = source.get(name);
      expect(file?.path).toBe(path);
      const from = file?.byteOffset ?? 0;
      expect(bytes.subarray(from, from + byteLength)).toEqual(Buffer.from(read()));
    }
    expect(source.get("transposed").file).toBeUndefined();
    expect(openTorch(inMemory("views")).get("narrow").file).toBeUndefined();
  });

  test("are known by the hash of the file, and hold memory only when they lie in it", async () => {
    const file = await openFileSource(pathOf("views.bin"));
    expect(await openTorch(file).hash()).toBe(await file.hash());
    expect(openTorch(file).inMemory).toBe(false);
    expect(openTorch(inMemory("views")).inMemory).toBe(true);
  });

  test("are opened by reading only the directory and the pickle", () => {
    const count = 1 << 18;
    const made = tensor({ elements: int(count), shape: tuple(int(count)) });
    const bytes = makeArchive([
      ["x/data.pkl", pickle(dict(made))],
      ["x/data/0", new Uint8Array(4 * count)],
    ]);
    const whole = memorySource("large", { bytes, sha256: "0" });
    let read = 0;
    const source = openTorch({
      ...whole,
      read(from, byteLength) {
        read += byteLength;
        return whole.read(from, byteLength);
      },
    });
    expect(source.get("w").byteLength).toBe(4 * count);
    expect(read).toBeLessThan(10_000);
  });
});

describe("unsupported tensors are refused by name", () => {
  test.each([
    ["legacy", /format of PyTorch before 1\.6.*save it again/],
    ["nested", /"state_dict" is a dict: tensors must lie in the outermost dict/],
    ["bare-tensor", /holds a tensor, not a dict of tensors/],
    ["expanded", /tensor "w": several of its elements have the same position/],
    ["negative", /negated or conjugated view/],
    ["sparse", /names "torch\._utils\._rebuild_sparse_tensor".*none of its code was run/],
    ["whole-module", /names "torch\.nn\.modules\.linear\.Linear"/],
    ["protocol-4", /pickle protocol 4/],
    ["numpy", /names "numpy\S*multiarray\.scalar"/],
    ["torchscript", /TorchScript/],
  ])("%s", (name, message) => {
    const opening = () => openTorch(inMemory(name));
    expect(opening).toThrow(message);
    expect(opening).toThrow(ModelFileError);
  });

  test("quantised", () => {
    const opening = () => openTorch(inMemory("quantised"));
    expect(opening).toThrow(
      /quantised tensors.* in quantised: it names "torch\._utils\._rebuild_q/,
    );
    expect(opening).toThrow(UnsupportedError);
  });
});
