import { createDriver, type DriverPass, opNames } from "@ripvec/core/driver";
import { describe, expect, test } from "vitest";
import { templateKernels } from "../src/generated/template-kernels.js";
import { type OpResult, type TestDriverOptions, templateDriver, testDriver } from "../src/index.js";
import { opsTable } from "../src/ops-table.js";
import { ErrorBook } from "../src/run/error-book.js";
import type { Memory } from "../src/template/kernel.js";
import { TemplateImplementation } from "../src/template/template-driver.js";
import { allTests } from "../src/test-driver.js";
import { withMethods } from "./mutants/mutant.js";

class WithoutClone extends TemplateImplementation {
  override clone = undefined as never;
}

/** A driver that computes elsewhere for a while. */
class Elsewhere extends TemplateImplementation {
  override beginPass(): DriverPass<Memory> {
    const pass = super.beginPass();
    return withMethods(pass, {
      submit: async (memory, byteLength) => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        return pass.submit(memory, byteLength);
      },
    });
  }
}

class Unsettled extends TemplateImplementation {
  override beginPass(): DriverPass<Memory> {
    return withMethods(super.beginPass(), { submit: () => new Promise(() => {}) });
  }
}

/** Registers the kit and returns the tests whose names match. */
function register(
  pattern: RegExp,
  createDriver = () => templateDriver(),
  options: Partial<TestDriverOptions> = {},
) {
  const bodies = new Map<string, (context?: unknown) => Promise<void>>();
  const skipped = new Map<string, string>();
  const reports: (readonly OpResult[])[] = [];
  testDriver({
    test: (name, body) => bodies.set(name, body),
    createDriver,
    skip: (name, reason) => skipped.set(name, reason),
    report: (results) => reports.push(results),
    ...options,
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
    const names = chosen.map(([name]) => name).filter((name) => !name.endsWith(", f32 weights"));
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

  test("a runner that cannot skip a running test fails it, with the remedy", async () => {
    const { chosen } = register(/op tanh, f16/, undefined, { skip: undefined });
    const [, body] = chosen[0] ?? [];
    const failure = expect(body?.()).rejects;
    await failure.toThrow(/takes no f16 activations.*pass `driver: await createDriver\(\)`/);
  });

  test("tests that the given driver cannot take are registered as skipped, and it is closed", () => {
    const driver = templateDriver();
    const names: string[] = [];
    const skipped: string[] = [];
    const runner = Object.assign((name: string) => names.push(name), {
      skip: (name: string) => skipped.push(name),
    });
    testDriver({ test: runner, createDriver: () => templateDriver(), driver });
    expect(driver.closed).toBe(true);
    expect(skipped).toContain("op relu, f32 (lacks the optional op relu)");
    expect(skipped).toContain("op tanh, f16 (takes no f16 activations)");
    expect(names).toContain("op tanh, f32");
    expect(names.length + skipped.length).toBe(allTests(new ErrorBook()).length);
  });

  test("a mocha test gets its time limit and is skipped by its `this`", async () => {
    const { chosen } = register(/op tanh, f16/, undefined, { skip: undefined, timeoutMs: 5000 });
    const told: unknown[] = [];
    const context = {
      timeout: (limitMs: number) => told.push(limitMs),
      skip: () => told.push("skip"),
    };
    for (const [, body] of chosen) await body.call(context);
    expect(told).toEqual([15_000, "skip"]);
  });

  test("after two tests that never end the others fail at once and name them", async () => {
    const create = () => createDriver(new Unsettled(templateKernels, {}));
    const { chosen } = register(/op (add_bias|copy|gelu), f32/, create, { timeoutMs: 200 });
    const messages: string[] = [];
    for (const [, body] of chosen) {
      await body().catch((error: Error) => messages.push(error.message));
    }
    const pending =
      "not done after 200 ms; pending, neither resolved nor rejected: submit of a pass";
    const [first, second] = chosen.map(([name]) => name);
    const notRun = `not run, because these did not end: ${first}; ${second}`;
    expect(messages).toEqual([pending, pending, notRun]);
  });

  test("kernels of newer ops may be named", async () => {
    const kernels = { ...templateKernels, rms_norm: () => {} };
    const create = () => createDriver(new TemplateImplementation(kernels, {}));
    const pattern = /every kernel has the name/;
    const named = register(pattern, create, { newerOps: ["rms_norm"] });
    for (const [, body] of named.chosen) await body();
    for (const [, body] of register(pattern, create).chosen) {
      await expect(body()).rejects.toThrow('"rms_norm" is no op of this @ripvec/core');
    }
  });

  test("a driver that computes on the JavaScript thread gets a warning in words", async () => {
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    const onThread = register(/^thread: /, undefined, { warn });
    for (const [, body] of onThread.chosen) await body();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /^driver template computes on the JavaScript thread: during a pass of \d+ ms no timer/,
    );
    const elsewhere = () => createDriver(new Elsewhere(templateKernels, {}));
    for (const [, body] of register(/^thread: /, elsewhere, { warn }).chosen) await body();
    expect(warnings).toHaveLength(1);
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
