import type { Driver } from "@ripvec/core";
import { type TemplateOptions, templateDriver } from "@ripvec/driver-testkit";
import { expect, test, vi } from "vitest";
import { main } from "../src/cli.js";
import { cosine } from "../src/embedder/similarity.js";
import { fakeIo } from "./support/fake-io.js";
import { tempFolder } from "./support/temp-folder.js";
import { onTestModel } from "./support/test-model.js";

/** Takes the place of the CPU driver, which may not have all dtypes in another build. */
const driverStub = vi.hoisted(() => ({ in: {} as TemplateOptions, open: [] as Driver[] }));

vi.mock("@ripvec/driver-cpu", () => ({
  cpu: async () => {
    const driver = templateDriver(driverStub.in);
    driverStub.open.push(driver);
    return driver;
  },
}));

async function embedding(dtype: string): Promise<Float32Array> {
  const io = fakeIo();
  const argv = onTestModel(["embed", "some words", "--dtype", dtype]);
  expect([await main(argv, io), io.err()]).toEqual([0, ""]);
  return Float32Array.from((JSON.parse(io.out()) as { embedding: number[] }).embedding);
}

test("--dtype changes the vectors slightly", async () => {
  driverStub.in = {};
  const whole = await embedding("f32");
  const angle = async (dtype: string) => 1 - cosine(whole, await embedding(dtype));
  // The test model is stored in f16, so f16 keeps every bit of it.
  expect(await embedding("f16")).toEqual(whole);
  for (const [dtype, max] of [
    ["bf16", 1e-4],
    ["i8", 1e-2],
  ] as const) {
    const found = await angle(dtype);
    expect(found).toBeGreaterThan(1e-9);
    expect(found).toBeLessThan(max);
  }
});

test("search and bench take --dtype", async () => {
  driverStub.in = { weights: ["i8"] };
  const search = fakeIo({ cwd: tempFolder({ "soup.md": "# Soup\n\nBoil potatoes.\n" }) });
  expect(await main(onTestModel(["search", "potato soup", "--dtype", "i8"]), search)).toBe(0);
  expect(search.out()).toContain("soup.md:1-3");
  const bench = fakeIo();
  const argv = ["bench", "--lengths", "1x9", "--rounds", "1", "--dtype", "i8"];
  expect(await main(onTestModel(argv), bench)).toBe(0);
  expect(bench.out()).toMatch(/\nweights +i8\n/);
});

test("a dtype that the driver does not have is an error that lists its dtypes", async () => {
  driverStub.in = { weights: ["bf16"] };
  driverStub.open.length = 0;
  const io = fakeIo();
  expect(await main(onTestModel(["embed", "a", "--dtype", "i8"]), io)).toBe(1);
  expect(io.err()).toMatch(
    /^error: unsupported weight dtype of driver template "i8"; supported: f32, bf16\n$/,
  );
  expect(driverStub.open.map(({ closed }) => closed)).toEqual([true]);
});
