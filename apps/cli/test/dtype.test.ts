import type { Driver } from "@ripvec/core";
import { type TemplateOptions, templateDriver } from "@ripvec/driver-testkit";
import { expect, test, vi } from "vitest";
import { main } from "../src/cli.js";
import { cosine } from "../src/rank.js";
import { fakeIo } from "./support/fake-io.js";
import { onMadeModel } from "./support/made-model.js";
import { tempFolder } from "./support/temp-folder.js";

/** Stands in for the CPU driver, which may lack dtypes in another build. */
const stand = vi.hoisted(() => ({ in: {} as TemplateOptions, open: [] as Driver[] }));

vi.mock("@ripvec/driver-cpu", () => ({
  cpu: async () => {
    const driver = templateDriver(stand.in);
    stand.open.push(driver);
    return driver;
  },
}));

async function embedding(dtype: string): Promise<Float32Array> {
  const io = fakeIo();
  const argv = onMadeModel(["embed", "some words", "--dtype", dtype]);
  expect([await main(argv, io), io.err()]).toEqual([0, ""]);
  return Float32Array.from((JSON.parse(io.out()) as { embedding: number[] }).embedding);
}

test("--dtype changes the vectors, and not much", async () => {
  stand.in = {};
  const whole = await embedding("f32");
  const angle = async (dtype: string) => 1 - cosine(whole, await embedding(dtype));
  // The made model is stored in f16, so f16 keeps every bit of it.
  expect(await embedding("f16")).toEqual(whole);
  for (const [dtype, most] of [
    ["bf16", 1e-4],
    ["i8", 1e-2],
  ] as const) {
    const found = await angle(dtype);
    expect(found).toBeGreaterThan(1e-9);
    expect(found).toBeLessThan(most);
  }
});

test("search and bench take --dtype", async () => {
  stand.in = { weights: ["i8"] };
  const search = fakeIo({ cwd: tempFolder({ "soup.md": "# Soup\n\nBoil potatoes.\n" }) });
  expect(await main(onMadeModel(["search", "potato soup", "--dtype", "i8"]), search)).toBe(0);
  expect(search.out()).toContain("soup.md:1-3");
  const bench = fakeIo();
  const argv = ["bench", "--lengths", "1x9", "--rounds", "1", "--dtype", "i8"];
  expect(await main(onMadeModel(argv), bench)).toBe(0);
  expect(bench.out()).toMatch(/\nweights +i8\n/);
});

test("a dtype that the driver lacks is an error that names those it has", async () => {
  stand.in = { weights: ["bf16"] };
  stand.open.length = 0;
  const io = fakeIo();
  expect(await main(onMadeModel(["embed", "a", "--dtype", "i8"]), io)).toBe(1);
  expect(io.err()).toMatch(
    /^error: unsupported weight dtype of driver template "i8"; supported: f32, bf16\n$/,
  );
  expect(stand.open.map(({ closed }) => closed)).toEqual([true]);
});
