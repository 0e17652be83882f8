import { join } from "node:path";
import { ModelFileError } from "@ripvec/core";
import { beforeEach, expect, test, vi } from "vitest";
import { main } from "../src/cli.js";
import { problemOf } from "../src/commands/doctor.js";
import { readGolden } from "../src/golden.js";
import { compare } from "../src/self-check.js";
import { fakeIo } from "./support/fake-io.js";
import { tempFolder } from "./support/temp-folder.js";

const replaced = vi.hoisted(() => ({ goldenFile: undefined as string | undefined }));
vi.mock("../src/default-model.js", async (original) => {
  const { defaultModel } = await original<typeof import("../src/default-model.js")>();
  return {
    defaultModel: {
      ...defaultModel,
      get goldenFile() {
        return replaced.goldenFile ?? defaultModel.goldenFile;
      },
    },
  };
});
beforeEach(() => {
  replaced.goldenFile = undefined;
});

test("doctor finds the CPU driver, and its vectors are right in every dtype", async () => {
  const io = fakeIo();
  expect([await main(["doctor", "--json"], io), io.err()]).toEqual([0, ""]);
  const report = JSON.parse(io.out()) as { drivers: unknown[] };
  expect(report.drivers).toEqual([
    expect.objectContaining({
      driver: "cpu",
      available: true,
      selfChecks: ["f32", "f16", "bf16", "i8"].map((dtype) =>
        expect.objectContaining({ dtype, texts: 6, passed: true }),
      ),
      facts: expect.objectContaining({
        "computes in": "f32",
        "keeps weights in": "f32, f16, bf16, i8",
        threads: expect.any(String),
      }),
    }),
  ]);
});

test("the text output of doctor says the same", async () => {
  const io = fakeIo();
  expect(await main(["doctor"], io)).toBe(0);
  expect(io.out()).toMatch(
    /^ripvec .*\n\ncpu {2}available\n.*self-check f32 +passed.*self-check i8 +passed .*1 − cos \S+ from the same weights in f32 arithmetic\)\n\nAll well: --driver auto takes cpu\.\n$/s,
  );
});

test("the verdict names each driver and dtype that failed, and says when there is no driver", () => {
  const check = { texts: 6, maxDifference: 0, maxAngle: 0 };
  const cpu = { driver: "cpu", available: true };
  const selfChecks = [
    { ...check, dtype: "f32" as const, passed: true },
    { ...check, dtype: "i8" as const, passed: false },
  ];
  expect(problemOf([{ ...cpu, selfChecks }])).toBe(
    "the self-check failed on cpu in i8: these vectors cannot be trusted",
  );
  expect(problemOf([{ ...cpu, selfChecks: selfChecks.slice(0, 1) }])).toBeUndefined();
  expect(problemOf([{ driver: "cpu", available: false }])).toBe("no driver is available");
});

const shape = /must be a list of at least one text with its embedding/;
test.each<[string, RegExp]>([
  ["[]", shape],
  ["null", shape],
  ["{}", shape],
  ["[null]", shape],
  ['[{"text":"a","embedding":[]}]', shape],
  ['[{"text":"a","embedding":[null]}]', shape],
  ['[{"embedding":[1]}]', shape],
  ["[{", /is not valid JSON/],
])("golden texts %j are refused with the name of their file", async (content, message) => {
  const folder = tempFolder({ "golden.json": content });
  replaced.goldenFile = join(folder, "golden.json");
  const io = fakeIo();
  expect(await main(["doctor"], io)).toBe(1);
  expect(io.err()).toMatch(message);
  expect(io.err()).toMatch(/^error: \S+golden\.json: .*\n$/);
  expect(io.err()).not.toContain("unexpected");
});

test("missing golden texts are an error of the model's files", async () => {
  const path = join(tempFolder(), "golden.json");
  await expect(readGolden(path)).rejects.toThrow(ModelFileError);
  await expect(readGolden(path)).rejects.toMatchObject({ path });
});

test("a wrong vector fails the self-check", () => {
  const vector = Float32Array.from({ length: 384 }, (_, i) => Math.sin(i) / 14);
  const off = (change: number) => vector.map((x, i) => (i === 77 ? x + change : x));
  expect(compare("f32", [vector], [vector])).toMatchObject({ passed: true, maxDifference: 0 });
  expect(compare("f32", [off(1e-6)], [vector]).passed).toBe(true);
  expect(compare("f32", [off(1e-5)], [vector]).passed).toBe(false);
  expect(compare("f32", [off(Number.NaN)], [vector]).passed).toBe(false);
  expect(compare("f32", [], [vector]).passed).toBe(false);
  expect(compare("f32", [], []).passed).toBe(false);
  expect(compare("i8", [off(1e-3)], [vector]).passed).toBe(true);
  expect(compare("i8", [off(1e-1)], [vector]).passed).toBe(false);
});

test("bench names model, driver, lengths and the spread", async () => {
  const io = fakeIo();
  expect(await main(["bench", "--lengths", "2x16,1x9", "--rounds", "3"], io)).toBe(0);
  expect(io.out()).toMatch(
    /driver +cpu\/classic-bert, .*\nweights +i8\nlengths +2x16,1x9: 3 texts, 9–16 tokens/,
  );
  expect(io.out()).toMatch(/tokens\/s +[\d,.k]+ {2}\([\d,.k]+ … [\d,.k]+ in 3 rounds\)/);

  const json = fakeIo();
  expect(await main(["bench", "--lengths", "1x16", "--rounds", "1", "--json"], json)).toBe(0);
  expect(JSON.parse(json.out())).toMatchObject({ tokens: 16, texts: 1, rounds: 1, dtype: "i8" });

  const wrong = fakeIo();
  expect(await main(["bench", "--lengths", "often"], wrong)).toBe(2);
  expect(wrong.err()).toContain("--lengths must be mixed or groups");
});
