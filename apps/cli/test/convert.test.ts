import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type ModelSpec, makeModel, templateDriver } from "@ripvec/driver-testkit";
import { writeModel } from "@ripvec/driver-testkit/node";
import { expect, test, vi } from "vitest";
import { main } from "../src/cli.js";
import { InterruptedError } from "../src/errors.js";
import { fakeIo } from "./support/fake-io.js";
import { run } from "./support/run-cli.js";
import { tempFolder } from "./support/temp-folder.js";

vi.mock("@ripvec/driver-cpu", () => ({ cpu: async () => templateDriver({}) }));

const size = {
  layers: 2,
  hidden: 16,
  heads: 2,
  intermediate: 24,
  vocabSize: 400,
  maxPositions: 32,
};

async function modelIn(folder: string, spec: Partial<ModelSpec> = {}): Promise<string> {
  const directory = join(folder, "model");
  await writeModel(directory, makeModel({ family: "bert", seed: 1, ...size, ...spec }));
  return directory;
}

const specs: readonly Partial<ModelSpec>[] = [
  { family: "bert", prefix: true, dense: { out: 8, activation: "tanh" }, normalize: true },
  { family: "bert", dtype: "f16" },
  { family: "roberta", dtype: "bf16" },
  { family: "distilbert" },
  { family: "electra", embeddingSize: 8, modules: false },
];

test.each(specs)(
  "%j: a converted model gives the rows of the original with that dtype",
  async (spec) => {
    const folder = tempFolder();
    await modelIn(folder, spec);
    const embed = async (model: string, ...argv: readonly string[]) => {
      const texts = ["hello world", "a longer text, in words"];
      const { code, out } = await run(folder, "embed", ...texts, "--model", model, ...argv);
      expect(code).toBe(0);
      return out;
    };
    for (const dtype of ["i8", "f16", "bf16"]) {
      const [model, out] = [join(folder, "model"), join(folder, dtype)];
      expect(await run(folder, "convert", model, "--dtype", dtype, "--out", dtype)).toMatchObject({
        code: 0,
        err: "",
      });
      expect(await embed(out, "--dtype", dtype)).toBe(await embed(model, "--dtype", dtype));
    }
  },
);

test("one line gives the folder of the result, its sizes and its digest", async () => {
  const folder = tempFolder();
  const model = await modelIn(folder);
  const { out } = await run(folder, "convert", model, "--dtype", "i8", "-o", "result");
  const weights = readFileSync(join(folder, "result", "model.safetensors"));
  const digest = createHash("sha256").update(weights).digest("hex");
  const [place, sizes, said] = out.trimEnd().split("  ");
  expect([place, said]).toEqual([
    join(folder, "result"),
    `SHA-256 of model.safetensors: ${digest}`,
  ]);
  expect(sizes).toMatch(/^\d+\.\d kB → \d+\.\d kB$/);
  expect(weights.byteLength).toBeLessThan(statSync(join(model, "model.safetensors")).size / 2);
});

test.each<[string[], RegExp]>([
  [["x", "--out", "y"], /required option '--dtype <name>' not specified/],
  [["x", "--dtype", "i8"], /required option '-o, --out <dir>' not specified/],
  [["x", "--out", "y", "--dtype", "f32"], /--dtype f32: must be i8, f16 or bf16/],
  [["--out", "y", "--dtype", "i8"], /missing required argument 'model'/],
  [["x", "--out", "", "--dtype", "i8"], /It is empty/],
])("%j is wrong usage", async (argv, message) => {
  const { code, err } = await run(tempFolder(), "convert", ...argv);
  expect([code, err]).toEqual([2, expect.stringMatching(message)]);
});

test("an existing --out is a failure with a one-line message", async () => {
  const folder = tempFolder({ "out/file": "" });
  const model = await modelIn(folder);
  const { code, err } = await run(folder, "convert", model, "--dtype", "i8", "--out", "out");
  expect([code, err]).toEqual([1, expect.stringMatching(/^error: .*out already exists: .*\n$/)]);
  expect(readdirSync(join(folder, "out"))).toEqual(["file"]);
});

test("Ctrl-C in the middle leaves nothing behind and exits with 130; a terminal shows the progress", async () => {
  const folder = tempFolder();
  const model = await modelIn(folder);
  const controller = new AbortController();
  const io = fakeIo({ cwd: folder, signal: controller.signal, terminals: ["stderr"] });
  io.stderr.on("data", (chunk: Buffer) => {
    if (chunk.includes("converting 0 B of")) controller.abort(new InterruptedError());
  });
  expect(await main(["convert", model, "--dtype", "i8", "--out", "out"], io)).toBe(130);
  expect(io.err()).toMatch(/converting 0 B of \d+\.\d kB: embeddings.*interrupted\n$/s);
  expect(readdirSync(folder)).toEqual(["model"]);
});
