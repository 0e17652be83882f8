import { classicBert } from "@ripvec/arch-classic-bert";
import { type Encoding, GenericBackend } from "@ripvec/core";
import { makeModel, Random } from "@ripvec/driver-testkit";
import { expect, test, vi } from "vitest";
import type { Counters } from "../src/counters.js";
import { openOn, sharedDevice } from "./support/drivers.js";
import { describeNodeTargets, type NodeTarget } from "./support/targets.js";

const geometry = {
  family: "bert",
  seed: 7,
  hidden: 32,
  heads: 2,
  intermediate: 64,
  vocabSize: 100,
  maxPositions: 40,
  pooling: "cls",
  normalize: true,
} as const;

function texts(seed: string, lengths: readonly number[]): Encoding[] {
  const random = new Random(seed);
  return lengths.map((length) => ({ inputIds: random.integers(length, 100) }));
}

async function openBackend(target: NodeTarget, layers: number) {
  const { driver, inside } = await openOn(await sharedDevice(target));
  const { source: model } = makeModel({ ...geometry, layers });
  const options = { driver, arch: classicBert, model, maxBatchTokens: 80 };
  return { backend: await GenericBackend.create(options), inside };
}

/** The counts that one call of `action` adds. */
async function during(
  inside: { readonly counters: Readonly<Counters> },
  action: () => Promise<unknown>,
): Promise<Counters> {
  const before = { ...inside.counters };
  await action();
  const after = inside.counters;
  const names = Object.keys(before) as (keyof Counters)[];
  return Object.fromEntries(names.map((name) => [name, after[name] - before[name]])) as never;
}

/**
 * A software adapter takes half a minute to compile what a driver needs, and more on a busy
 * machine.
 */
vi.setConfig({ testTimeout: 300_000 });

describeNodeTargets((target) => {
  test("a layer of BERT is seven dispatches; a pass is one submit and one read-back", async () => {
    const counts = new Map<number, number>();
    for (const layers of [1, 3]) {
      const { backend, inside } = await openBackend(target, layers);
      const batch = texts("layers", [5, 20, 3]);
      const did = await during(inside, () => backend.embedBatch(batch));
      expect(did).toMatchObject({ submits: 1, readBacks: 1 });
      counts.set(layers, did.dispatches);
      await backend.close();
    }
    expect((counts.get(3) ?? 0) - (counts.get(1) ?? 0)).toBe(2 * 7);
    // Word, position and token type embeddings, their norm, pooling, normalisation.
    expect(counts.get(1)).toBe(7 + 6);
  });

  test("after the warm-up, passes with no more tokens and texts create nothing, whatever their lengths", async () => {
    const { backend, inside } = await openBackend(target, 2);
    const most = new Array<number>(20).fill(4);
    await backend.embedBatch(texts("first", most));
    for (const lengths of [[9, 40, 2], [40], [1, 1, 1], [40, 40], [33, 8, 30, 1], most]) {
      const did = await during(inside, () => backend.embedBatch(texts("more", lengths)));
      const made = { buffers: 0, bindGroups: 0, pipelines: 0 };
      expect(did, `lengths ${lengths.join(", ")}`).toMatchObject(made);
    }
    await backend.close();
  });

  test("passes in flight create read-back buffers once", async () => {
    const { driver, inside } = await openOn(await sharedDevice(target));
    const run = (value: number) =>
      driver.run((ops) => {
        const x = ops.input(new Float32Array(300).fill(value), [1, 300]);
        const out = ops.alloc("f32", [1, 300]);
        ops.residual_add({ x, residual: x, out });
        return out;
      });
    const four = () => Promise.all([1, 2, 3, 4].map(run));
    // The very first pass runs alone, because it creates what all passes share.
    await four();
    await four();
    const did = await during(inside, async () => {
      for (let round = 0; round < 5; round++) {
        expect((await four()).map((values) => values[299])).toEqual([2, 4, 6, 8]);
      }
    });
    expect(did).toMatchObject({ submits: 20, readBacks: 20, dispatches: 20, buffers: 0 });
    expect(did).toMatchObject({ bindGroups: 0, pipelines: 0 });
    await driver.close();
  });
});
