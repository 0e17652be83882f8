import { mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  encodeTensor,
  type NamedTensor,
  rawSafetensors,
  safetensorsFile,
} from "@ripvec/driver-testkit";
import { beforeEach, describe, expect, test } from "vitest";
import { convertModel, type NarrowDType } from "../../src/index.js";
import { tempDir, writeFiles } from "../temp-dir.js";
import { filesOf } from "./convert-to.js";
import { toyArch, toyModel, toyTensors } from "./toy-model.js";

let folder: string;
let original: string;
beforeEach(async () => {
  folder = await tempDir();
  original = await writeFiles(join(folder, "original"), toyModel());
});

interface Refused {
  readonly code: "INPUT" | "MODEL_FILE" | "UNSUPPORTED";
  readonly message: RegExp;
  readonly tensor?: string;
}

/** Nothing comes of it: all files are those that were there. */
async function expectRefused(
  { out = join(folder, "out"), dtype = "i8" as NarrowDType, arch = toyArch },
  { code, message, ...facts }: Refused,
): Promise<void> {
  const before = [await readdir(folder), await filesOf(folder)];
  await expect(convertModel(original, { arch, dtype, out })).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
    ...facts,
  });
  expect([await readdir(folder), await filesOf(folder)]).toEqual(before);
}

describe("a place for the result, before the model is opened", () => {
  const neverLoads = {
    name: "never",
    check: () => expect.unreachable("the model was opened"),
    load: () => expect.unreachable("the model was loaded"),
  };
  test.each<[string, () => Promise<string>, RegExp]>([
    [
      "that holds a file",
      async () => writeFiles(join(folder, "out"), { ".hidden": Buffer.of(1) }),
      /out is not empty \(it holds \.hidden\): pass a folder that is not there$/,
    ],
    ["that is the model", async () => original, /original is not empty/],
    [
      "that is a file",
      async () => {
        await writeFile(join(folder, "out"), "");
        return join(folder, "out");
      },
      /out exists and is no folder/,
    ],
    [
      "that is a link",
      async () => {
        await symlink(original, join(folder, "out"), "junction");
        return join(folder, "out");
      },
      /out exists and is no folder/,
    ],
    [
      "in no folder",
      async () => join(folder, "a", "out"),
      /out cannot be made: .*a does not exist/,
    ],
  ])("%s", async (_, out, message) => {
    await expectRefused({ out: await out(), arch: neverLoads }, { code: "INPUT", message });
  });

  test("in the model, also by way of a link", async () => {
    const message = /lies in the model .*: pass a folder outside of it$/;
    await expectRefused({ out: join(original, "i8") }, { code: "INPUT", message });
    await symlink(original, join(folder, "link"), "junction");
    await expectRefused({ out: join(folder, "link", "i8") }, { code: "INPUT", message });
    await mkdir(join(original, "empty"));
    await expectRefused({ out: join(original, "empty") }, { code: "INPUT", message });
  });

  test("beside the model, with a name that begins like it, is none of these", async () => {
    const out = `${original}-i8`;
    expect((await convertModel(original, { arch: toyArch, dtype: "i8", out })).directory).toBe(out);
  });

  test("an empty folder is filled", async () => {
    const out = join(folder, "out");
    await mkdir(out);
    await convertModel(original, { arch: toyArch, dtype: "i8", out });
    expect(await filesOf(out)).toContain("model.safetensors");
  });
});

/** The toy model with some tensors put in the place of those with their names, or added. */
async function withTensors(...tensors: readonly NamedTensor[]): Promise<void> {
  const names = new Set(tensors.map(({ name }) => name));
  const others = toyTensors().filter(({ name }) => !names.has(name));
  await writeFile(join(original, "model.safetensors"), safetensorsFile([...others, ...tensors]));
}

const mixing = (value: number) =>
  encodeTensor("mixing", [3, 4], new Float32Array(12).fill(value, 7, 8), "f32");

describe("values", () => {
  test.each<[NarrowDType, number, RegExp]>([
    ["i8", Number.NaN, /NaN is beyond i8/],
    ["i8", Number.NEGATIVE_INFINITY, /-Infinity is beyond i8/],
    ["f16", 65520, /65520 is beyond f16/],
    ["bf16", 3.4e38, /3\.39\d*e\+38 is beyond bf16/],
  ])("%s cannot hold %f: the tensor is named", async (dtype, value, message) => {
    await withTensors(mixing(value));
    await expectRefused({ dtype }, { code: "MODEL_FILE", message, tensor: "mixing" });
  });

  test("f16 holds what rounds to its largest, NaN and infinity", async () => {
    for (const [i, value] of [65519, Number.NaN, Number.POSITIVE_INFINITY].entries()) {
      await withTensors(mixing(value));
      await convertModel(original, { arch: toyArch, dtype: "f16", out: join(folder, `${i}`) });
    }
  });
});

describe("models", () => {
  test.each<NarrowDType>(["i8", "f16"])("in 8 bits already, to %s", async (dtype) => {
    const converted = join(folder, "converted");
    await convertModel(original, { arch: toyArch, dtype: "i8", out: converted });
    await rm(original, { recursive: true });
    original = converted;
    // The check of transformers' settings is another one; here the tensors say it.
    await writeFile(join(converted, "config.json"), "{}");
    const message = /is in 8 bits already \(tensor .*\): convert the model that it was made from$/;
    await expectRefused({ dtype }, { code: "INPUT", message });
  });

  test("that the architecture refuses", async () => {
    await withTensors(encodeTensor("mixing", [12], new Float32Array(12), "f32"));
    await expectRefused({}, { code: "SHAPE" as never, message: /mixing/ });
  });

  test("with a tensor where scales would be", async () => {
    await withTensors(encodeTensor("mixing_scale", [3, 1], new Float32Array(3), "f32"));
    const message = /the name that the scales/;
    await expectRefused({}, { code: "MODEL_FILE", message, tensor: "mixing_scale" });
    await convertModel(original, { arch: toyArch, dtype: "f16", out: join(folder, "out") });
  });

  test("with a tensor of a dtype that is not read", async () => {
    const header = { flags: { dtype: "BOOL", shape: [1], data_offsets: [0, 1] } };
    const file = rawSafetensors(JSON.stringify(header), [Buffer.of(1)]);
    await writeFile(join(original, "model.safetensors"), file);
    await expectRefused({}, { code: "MODEL_FILE", message: /has dtype BOOL/, tensor: "flags" });
  });
});
