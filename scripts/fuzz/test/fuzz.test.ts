import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { readCorpus } from "../src/corpus.js";
import { Coverage } from "../src/coverage.js";
import { growthOf } from "../src/growth.js";
import { Loop } from "../src/loop.js";
import type { Fault } from "../src/oracle.js";
import { Random } from "../src/random.js";
import type { Target } from "../src/target.js";
import { targets } from "../src/targets/index.js";

const casesPerTarget = 300;
const seed = 14;

const corpusOf = ({ name }: Target): Uint8Array[] => {
  const folder = fileURLToPath(new URL(`../corpus/${name}`, import.meta.url));
  return readCorpus(folder).map(({ bytes }) => bytes);
};

function loopOf(target: Target): { loop: Loop; found: [Fault, string][] } {
  const found: [Fault, string][] = [];
  const loop = new Loop(target, new Random(seed), new Coverage(), [], {
    starts: () => undefined,
    isNew: () => undefined,
    found: (fault, input) => found.push([fault, Buffer.from(input).toString("base64")]),
  });
  return { loop, found };
}

const cases = (count: number) => ({ cases: count, until: Number.POSITIVE_INFINITY });

describe.each(targets.map((target) => [target.name, target] as const))("%s", (_, target) => {
  test("the kept inputs are read or refused as they should", async () => {
    let accepted = 0;
    const run = async (input: Uint8Array) => {
      await target.run(input);
      accepted += 1;
    };
    const { loop, found } = loopOf({ ...target, run });
    await loop.replay(corpusOf(target));
    expect(found).toEqual([]);
    // Inputs that are all refused at the first byte would test nothing.
    expect(accepted).toBeGreaterThan(0);
  });

  test("so are inputs made of them", async () => {
    const { loop, found } = loopOf(target);
    loop.add(corpusOf(target));
    await loop.run(cases(casesPerTarget));
    expect(loop.cases).toBe(casesPerTarget);
    expect(found).toEqual([]);
  });
});

test("a run by hand gives every target its share", () => {
  const shares: object = JSON.parse(
    readFileSync(new URL("../shares.json", import.meta.url), "utf8"),
  );
  expect(Object.keys(shares).sort()).toEqual(targets.map(({ name }) => name).sort());
});

describe("the fuzzer", () => {
  /** Each correct letter increments a counter, as each branch does in the build. */
  const hidden: Target = {
    name: "hidden",
    kind: "bytes",
    run(input) {
      const wrong = [..."1248"].findIndex((letter, i) => input[i] !== letter.charCodeAt(0));
      globalThis.__fuzzCounters?.fill(1, 0, wrong < 0 ? 4 : wrong);
      if (wrong < 0) throw new TypeError("behind four letters");
    },
  };

  test("comes to a fault that chance alone would not meet, and makes its input small", async () => {
    globalThis.__fuzzCounters = new Uint8Array(8);
    try {
      const { loop, found } = loopOf(hidden);
      const start = Buffer.from("0000");
      loop.add([start]);
      await loop.run(cases(150_000));
      expect(found).toMatchObject([[{ kind: "untyped" }, Buffer.from("1248").toString("base64")]]);
      // The inputs that are changed must not be modified in place.
      expect(start.toString()).toBe("0000");
    } finally {
      globalThis.__fuzzCounters = undefined;
    }
  });

  test("sees what reading keeps of its inputs", async () => {
    const kept: Uint8Array[] = [];
    const target = (run: Target["run"]): Target => ({ name: "growing", kind: "bytes", run });
    const grows = target(() => {
      kept.push(new Uint8Array(16 << 20));
    });
    const input = [new Uint8Array(1)];
    const hasGc = globalThis.gc !== undefined;
    if (!hasGc) {
      setFlagsFromString("--expose-gc");
      globalThis.gc = runInNewContext("gc");
    }
    try {
      // Four rounds retain 64 MiB.
      expect(await growthOf(grows, input, () => undefined)).toBeGreaterThan(32 << 20);
    } finally {
      if (!hasGc) globalThis.gc = undefined;
    }
  });
});
