import { mkdirSync } from "node:fs";
import { chmod, mkdir, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getuid } from "node:process";
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
  readonly code: "INPUT" | "MODEL_FILE" | "SHAPE";
  readonly message: RegExp;
  readonly tensor?: string;
}

/** Nothing was written: the files are those that existed before. */
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

const neverLoads = {
  name: "never",
  check: () => expect.unreachable("the model was opened"),
  load: () => expect.unreachable("the model was loaded"),
};

describe("options, before the model is opened", () => {
  test.each<unknown>(["I8", "f32", undefined, null])("dtype %j", async (dtype) => {
    const message = /dtype to convert to (undefined|null|"\w+"); supported: i8, f16, bf16$/;
    const options = { arch: neverLoads, dtype: dtype as NarrowDType, out: join(folder, "out") };
    await expect(convertModel(original, options)).rejects.toMatchObject({
      code: "UNSUPPORTED",
      message: expect.stringMatching(message),
    });
    expect(await readdir(folder)).toEqual(["original"]);
  });

  test.each<[unknown, string]>([
    ["a\0b", '"a\\u0000b"'],
    ["", '""'],
    [undefined, "undefined"],
  ])("out %j", async (out, found) => {
    const message = new RegExp(`^out must be the path .*, got ${found.replace("\\", "\\\\")}$`);
    const options = { arch: neverLoads, dtype: "i8", out: out as string } as const;
    await expect(convertModel(original, options)).rejects.toMatchObject({
      code: "INPUT",
      message: expect.stringMatching(message),
    });
  });

  test("sha256 null", async () => {
    const options = { arch: neverLoads, dtype: "i8", out: join(folder, "out") } as const;
    const sha256 = null as unknown as Record<string, string>;
    await expect(convertModel(original, { ...options, sha256 })).rejects.toMatchObject({
      code: "INPUT",
      message: "sha256 must be an object of paths and digests, got [object Null]",
    });
  });
});

describe("a place for the result, before the model is opened", () => {
  const exists = /out already exists: name a folder that does not exist yet$/;
  test.each<[string, () => Promise<string>, RegExp]>([
    [
      "that holds a file",
      async () => writeFiles(join(folder, "out"), { ".hidden": Buffer.of(1) }),
      exists,
    ],
    [
      "that is an empty folder",
      async () => {
        await mkdir(join(folder, "out"));
        return join(folder, "out");
      },
      exists,
    ],
    ["that is the model", async () => original, /original already exists/],
    [
      "that is a file",
      async () => {
        await writeFile(join(folder, "out"), "");
        return join(folder, "out");
      },
      exists,
    ],
    [
      "that is a symbolic link to nothing",
      async () => {
        await symlink(join(folder, "nothing"), join(folder, "out"), "junction");
        return join(folder, "out");
      },
      exists,
    ],
    [
      "in no folder",
      async () => join(folder, "a", "out"),
      /out cannot be made: .*a does not exist/,
    ],
    [
      "in a file",
      async () => {
        await writeFile(join(folder, "file"), "");
        return join(folder, "file", "out");
      },
      /out cannot be made: .*file is not a folder/,
    ],
  ])("%s", async (_, out, message) => {
    await expectRefused({ out: await out(), arch: neverLoads }, { code: "INPUT", message });
  });

  test.skipIf(process.platform === "win32" || getuid?.() === 0)(
    "in a folder that is not writable",
    async () => {
      const locked = join(folder, "locked");
      await mkdir(locked);
      await chmod(locked, 0o555);
      const message = /out cannot be written: EACCES: .*access '.*locked'$/;
      await expectRefused(
        { out: join(locked, "out"), arch: neverLoads },
        { code: "INPUT", message },
      );
    },
  );

  test("in the model, also through a link", async () => {
    const message = /lies in the model .*: pass a folder outside of it$/;
    await expectRefused({ out: join(original, "i8") }, { code: "INPUT", message });
    await symlink(original, join(folder, "link"), "junction");
    await expectRefused({ out: join(folder, "link", "i8") }, { code: "INPUT", message });
  });

  test("next to the model, with a name that begins like the model's, is accepted", async () => {
    const out = `${original}-i8`;
    expect((await convertModel(original, { arch: toyArch, dtype: "i8", out })).directory).toBe(out);
  });

  test("the folder has the default mode", async () => {
    await mkdir(join(folder, "plain"));
    const { mode } = await stat(join(folder, "plain"));
    const out = join(folder, "out");
    await convertModel(original, { arch: toyArch, dtype: "i8", out });
    expect((await stat(out)).mode).toBe(mode);
  });
});

describe("a path that is taken while the model is converted", () => {
  const message = /out was created by another program in the meantime, and is left unchanged$/;

  test("by another conversion", async () => {
    const options = { arch: toyArch, dtype: "i8", out: join(folder, "out") } as const;
    const both = [convertModel(original, options), convertModel(original, options)];
    const settled = await Promise.allSettled(both);
    expect(settled.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const reason = settled.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    expect(reason).toEqual([
      expect.objectContaining({ code: "INPUT", message: expect.stringMatching(message) }),
    ]);
    expect((await readdir(folder)).sort()).toEqual(["original", "out"]);
    expect(await filesOf(options.out)).toContain("model.safetensors");
  });

  test("by an empty folder, which may be another process's working directory", async () => {
    const out = join(folder, "out");
    const onConvert = () => mkdirSync(out, { recursive: true });
    const converting = convertModel(original, { arch: toyArch, dtype: "i8", out, onConvert });
    await expect(converting).rejects.toThrow(message);
    expect([(await readdir(folder)).sort(), await readdir(out)]).toEqual([["original", "out"], []]);
  });
});

/** The toy model with some tensors replaced or added. */
async function withTensors(...tensors: readonly NamedTensor[]): Promise<void> {
  const names = new Set(tensors.map(({ name }) => name));
  const others = toyTensors().filter(({ name }) => !names.has(name));
  await writeFile(join(original, "model.safetensors"), safetensorsFile([...others, ...tensors]));
}

const mixing = (value: number) =>
  encodeTensor("mixing", [3, 4], new Float32Array(12).fill(value, 7, 8), "f32");

describe("values", () => {
  test.each<[NarrowDType, number, RegExp]>([
    ["i8", Number.NaN, /row 1, column 3 is NaN; weights must be finite/],
    ["i8", Number.NEGATIVE_INFINITY, /is -infinity; weights must be finite/],
    ["f16", 65520, /is 65520, beyond 65504, the largest of f16/],
    ["bf16", 3.4e38, /is 3\.39999995e\+38, beyond the largest of bf16/],
  ])("%s cannot hold %f: the tensor is named", async (dtype, value, message) => {
    await withTensors(mixing(value));
    await expectRefused({ dtype }, { code: "MODEL_FILE", message, tensor: "mixing" });
  });

  test("f16 holds values that round to its largest, NaN and infinity", async () => {
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
    // The check of transformers' settings is tested elsewhere; here only the tensors show it.
    await writeFile(join(converted, "config.json"), "{}");
    const message = /is in 8 bits already \(tensor .*\): convert the model that it was made from$/;
    await expectRefused({ dtype }, { code: "INPUT", message });
  });

  test("that the architecture refuses", async () => {
    await withTensors(encodeTensor("mixing", [12], new Float32Array(12), "f32"));
    await expectRefused({}, { code: "SHAPE", message: /mixing/ });
  });

  test("with a tensor that has the name of the scales", async () => {
    await withTensors(encodeTensor("mixing_scale", [3, 1], new Float32Array(3), "f32"));
    const message = /the name under which the scales/;
    await expectRefused({}, { code: "MODEL_FILE", message, tensor: "mixing_scale" });
    await convertModel(original, { arch: toyArch, dtype: "f16", out: join(folder, "out") });
  });

  test("with a tensor of an unsupported dtype", async () => {
    const header = { flags: { dtype: "BOOL", shape: [1], data_offsets: [0, 1] } };
    const file = rawSafetensors(JSON.stringify(header), [Buffer.of(1)]);
    await writeFile(join(original, "model.safetensors"), file);
    await expectRefused({}, { code: "MODEL_FILE", message: /has dtype BOOL/, tensor: "flags" });
  });
});
