import { createDriver, opNames } from "@ripvec/core/driver";
import { describe, expect, test } from "vitest";
import { templateKernels } from "../src/generated/template-kernels.js";
import { type OpResult, templateDriver, testDriver } from "../src/index.js";
import { opsTable } from "../src/ops-table.js";
import { TemplateImplementation } from "../src/template/template-driver.js";

class WithoutClone extends TemplateImplementation {
  override clone = undefined as never;
}

/** Registers the kit and returns the tests whose names match. */
function register(pattern: RegExp, createDriver = () => templateDriver()) {
  const bodies = new Map<string, (context?: unknown) => Promise<void>>();
  const skipped = new Map<string, string>();
  const reports: (readonly OpResult[])[] = [];
  testDriver({
    test: (name, body) => bodies.set(name, body),
    createDriver,
    skip: (name, reason) => skipped.set(name, reason),
    report: (results) => reports.push(results),
  });
  const chosen = [...bodies].filter(([name]) => pattern.test(name));
  return { names: [...bodies.keys()], chosen, skipped, reports };
}

describe("testDriver", () => {
  test("names are unique, and every op has its tests", () => {
    const { names } = register(/./);
    expect(new Set(names).size).toBe(names.length);
    for (const op of opNames) expect(names).toContain(`op ${op}, f32`);
  });

  test("bodies declare no parameter, which jest and mocha would take for a callback", () => {
    for (const [name, body] of register(/./).chosen) expect(body.length, name).toBe(0);
  });

  test("a missing capability skips by name and tells the runner", async () => {
    const { chosen, skipped } = register(/op tanh, f16/);
    const told: unknown[] = [];
    for (const [, body] of chosen) await body({ skip: (reason: unknown) => told.push(reason) });
    expect([...skipped]).toEqual([["op tanh, f16", "takes no f16 activations"]]);
    expect(told).toEqual(["takes no f16 activations"]);
  });

  test("an optional op that a driver lacks is skipped by name", async () => {
    const { chosen, skipped } = register(/op (relu|max_pool), f32/);
    for (const [, body] of chosen) await body();
    expect([...skipped]).toEqual([
      ["op relu, f32", "lacks the optional op relu"],
      ["op max_pool, f32", "lacks the optional op max_pool"],
    ]);
  });

  test("dtypes that a driver keeps no weights in are skipped by name", async () => {
    const narrow = /^weights: | weights$/;
    const create = () => templateDriver({ weights: ["bf16"] });
    const { chosen, skipped } = register(narrow, create);
    for (const [name, body] of chosen) if (!/bf16/.test(name)) await body();
    const names = chosen.map(([name]) => name);
    for (const dtype of ["f16", "i8"]) {
      const reason = `keeps no weights in ${dtype}`;
      const missing = [...skipped].filter(([, why]) => why === reason).map(([name]) => name);
      expect(missing).toEqual(names.filter((name) => new RegExp(`\\b${dtype}\\b`).test(name)));
      expect(missing).toContain(`op linear, ${dtype} weights`);
    }
    expect([...skipped.values()]).not.toContain("keeps no weights in bf16");
  });

  test("a driver that cannot be cloned skips the tests with clones, and has to say so", async () => {
    const create = () => createDriver(new WithoutClone(templateKernels, {}));
    const { chosen, skipped } = register(/clone/, create);
    for (const [, body] of chosen) await body();
    expect(skipped.size).toBe(chosen.length - 1);
  });

  test("the report comes last and holds the largest errors", async () => {
    const { chosen, reports } = register(/op (copy|gelu), f32|report/);
    for (const [, body] of chosen) await body();
    const [[copied, gelu] = []] = reports;
    expect(copied).toMatchObject({ op: "copy", by: "kernel", error: 0 });
    expect(gelu?.error).toBeGreaterThan(1e-9);
    expect(gelu?.partOfTolerance).toBeLessThan(1);
  });
});

test("opsTable rounds up to one digit and names who computes", () => {
  const result = { op: "gelu", cases: 3, weights: "f32", partOfTolerance: 0.1 } as const;
  const table = opsTable([
    { driver: "one", results: [{ ...result, dtype: "f32", by: "kernel", error: 5.1e-8 }] },
    {
      driver: "narrow",
      results: [
        { ...result, dtype: "f32", by: "kernel", error: 0 },
        { ...result, dtype: "f32", weights: "i8", by: "kernel", error: 1.2e-2 },
        { ...result, dtype: "f16", weights: "bf16", by: "kernel", error: 5e-4 },
      ],
    },
    {
      driver: "two",
      results: [
        { ...result, dtype: "f32", by: "composed", error: 9.7e-8 },
        { ...result, dtype: "f16", by: "composed", error: 0 },
      ],
    },
    { driver: "three", results: [] },
  ]);
  const row = table.split("\n").find((line) => line.includes("`gelu`"));
  expect(row).toContain(
    "| kernel 6e-8 | kernel exact; weights i8 2e-2, bf16 by f16 5e-4 | composed f32 1e-7, f16 exact | – |",
  );
  expect(table.split("\n")).toHaveLength(opNames.length + 3);
});
