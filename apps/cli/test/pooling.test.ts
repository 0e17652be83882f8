import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { templateDriver } from "@ripvec/driver-testkit";
import { describe, expect, test, vi } from "vitest";
import { main } from "../src/cli.js";
import { fakeIo } from "./support/fake-io.js";
import { tempFolder } from "./support/temp-folder.js";
import { onTestModel, testModel } from "./support/test-model.js";

vi.mock("@ripvec/driver-cpu", () => ({ cpu: async () => templateDriver({}) }));

const text = "how are words put together";

/** The test model, mean-pooled and normalised, with changes. */
function modelWith(change: (folder: string) => void): string {
  const folder = tempFolder();
  cpSync(testModel, folder, { recursive: true });
  change(folder);
  return folder;
}

const without = (file: string) => modelWith((folder) => rmSync(join(folder, file)));

async function run(argv: readonly string[]) {
  const io = fakeIo();
  const code = await main(onTestModel(argv), io);
  return { code, out: io.out(), err: io.err() };
}

async function embedding(argv: readonly string[]): Promise<readonly number[]> {
  const { code, out, err } = await run(["embed", text, ...argv]);
  expect([code, err.replace(/^note: .*\n/gm, "")]).toEqual([0, ""]);
  return (JSON.parse(out) as { embedding: number[] }).embedding;
}

describe("--pooling", () => {
  test("overrides the files, and gives the vectors of files that name it", async () => {
    const cls = modelWith((folder) => {
      const config = join(folder, "1_Pooling", "config.json");
      const old = JSON.parse(readFileSync(config, "utf8")) as object;
      const flags = { pooling_mode_cls_token: true, pooling_mode_mean_tokens: false };
      writeFileSync(config, JSON.stringify({ ...old, ...flags }));
    });
    const chosen = await embedding(["--model", testModel, "--pooling", "cls"]);
    expect(chosen).toEqual(await embedding(["--model", cls]));
    expect(chosen).not.toEqual(await embedding(["--model", testModel]));
    expect(await embedding(["--model", cls, "--pooling", "mean"])).toEqual(
      await embedding(["--model", testModel]),
    );
  });

  test("with an unknown name lists the known ones", async () => {
    const { code, err } = await run(["embed", text, "--pooling", "average"]);
    expect(code).toBe(2);
    expect(err).toMatch(/--pooling average: must be cls, mean, max/);
  });

  test("search and bench accept it", async () => {
    const io = fakeIo({ cwd: tempFolder({ "soup.md": "# Soup\n\nBoil potatoes.\n" }) });
    expect(
      await main(onTestModel(["search", "soup", "--pooling", "cls", "--no-normalize"]), io),
    ).toBe(0);
    expect(
      (await run(["bench", "--lengths", "1x9", "--rounds", "1", "--pooling", "cls"])).code,
    ).toBe(0);
  });
});

describe("a model without modules.json", () => {
  const bare = () => without("modules.json");

  test("gives a one-line note that it is mean-pooled", async () => {
    const model = bare();
    const { code, err } = await run(["embed", text, "--model", model]);
    expect(code).toBe(0);
    expect(err).toBe(
      `note: ${model} has no modules.json; mean pooling is assumed, as sentence-transformers does; --pooling chooses another\n`,
    );
  });

  test("gives no note when --pooling is given", async () => {
    const { err } = await run(["embed", text, "--model", bare(), "--pooling", "mean"]);
    expect(err).toBe("");
  });
});

describe("lengths of vectors", () => {
  const lengthOf = async (argv: readonly string[]) => Math.hypot(...(await embedding(argv)));

  test("--no-normalize and --normalize override the files", async () => {
    const plain = without("modules.json");
    const own = await lengthOf(["--model", plain]);
    expect(Math.abs(own - 1)).toBeGreaterThan(0.01);
    expect(await lengthOf(["--model", plain, "--normalize"])).toBeCloseTo(1, 5);
    expect(await lengthOf(["--model", testModel])).toBeCloseTo(1, 5);
    expect(await lengthOf(["--model", testModel, "--no-normalize"])).toBeCloseTo(own, 5);
  });

  test("--no-renormalize truncates as sentence-transformers does", async () => {
    const whole = await embedding(["--model", testModel]);
    const cut = await embedding(["--model", testModel, "--dimensions", "8", "--no-renormalize"]);
    expect(cut).toEqual(whole.slice(0, 8));
    expect(await lengthOf(["--model", testModel, "--dimensions", "8"])).toBeCloseTo(1, 5);
  });

  test("truncate_dim of the model truncates, and --renormalize scales", async () => {
    const short = modelWith((folder) => {
      const settings = JSON.stringify({ truncate_dim: 8 });
      writeFileSync(join(folder, "config_sentence_transformers.json"), settings);
    });
    const whole = await embedding(["--model", testModel]);
    expect(await embedding(["--model", short])).toEqual(whole.slice(0, 8));
    expect(await lengthOf(["--model", short, "--renormalize"])).toBeCloseTo(1, 5);
  });
});

test("a model that cannot be computed is refused before its weights are read", async () => {
  const model = modelWith((folder) => {
    writeFileSync(join(folder, "config.json"), JSON.stringify({ model_type: "mpnet" }));
    writeFileSync(join(folder, "model.safetensors"), "no weights");
    rmSync(join(folder, "tokenizer.json"));
  });
  const { code, err } = await run(["embed", text, "--model", model]);
  expect(code).toBe(1);
  expect(err).toMatch(/^error: unsupported model_type .*"mpnet"; supported: /);
});
