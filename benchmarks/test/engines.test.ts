import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines } from "../src/engines/registry.js";
import type { Load } from "../src/loads.js";
import type { RunContext } from "../src/measures/context.js";
import { measureLoad } from "../src/measures/load.js";
import { ModelFolder } from "../src/model/model-folder.js";
import { bertTiny } from "../src/model/specs.js";

const lengths = [5, 23, 9];
const loads: readonly Load[] = [
  { name: "ids", what: "", input: "ids", lengths },
  { name: "text", what: "", input: "text", lengths },
  { name: "one length", what: "", input: "ids", lengths: [12, 12] },
];
const rounds = { count: 1, minCount: 1, maxMs: 1000, repeatMs: 0, restMs: 0 };

let context: RunContext;

beforeAll(async () => {
  const folder = await ModelFolder.create(bertTiny);
  context = { folder, shape: bertTiny, engines, threads: 1, rounds };
});

afterAll(() => context.folder[Symbol.asyncDispose]());

describe.each(loads)("load of $name", (load) => {
  test("is embedded alike by every engine that accepts it", async () => {
    const rows = await measureLoad(load, context);
    const takers = engines.filter(({ takes, oneLength }) =>
      oneLength ? load.name === "one length" : takes.includes(load.input),
    );
    expect(rows.map(({ engine }) => engine)).toEqual(takers.map(({ name }) => name));
    for (const { dtype, cosine, tokensPerSecond } of rows) {
      expect(tokensPerSecond).toBeGreaterThan(0);
      expect(cosine).toBeLessThan(dtype === "f32" ? 1e-9 : 1e-2);
      if (dtype === "i8") expect(cosine).toBeGreaterThan(1e-6);
    }
  });
});

test("a wrong engine ends the run before anything is timed, and is named", async () => {
  const [load] = loads;
  const [right] = engines;
  if (!load || !right) throw new Error("nothing to test");
  let runs = 0;
  const wrong = {
    ...right,
    name: "wrong",
    open: async (...args: Parameters<typeof right.open>) => {
      const engine = await right.open(...args);
      return {
        close: () => engine.close(),
        embed: async (...input: Parameters<typeof engine.embed>) => {
          runs++;
          return (await engine.embed(...input)).toReversed();
        },
      };
    },
  };
  await expect(measureLoad(load, { ...context, engines: [right, wrong] })).rejects.toThrow(/wrong/);
  expect(runs).toBe(1);
});
