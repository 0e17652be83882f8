import { classicBert } from "@ripvec/arch-classic-bert";
import { type Driver, type Encoding, GenericBackend } from "@ripvec/core";
import { cpu } from "@ripvec/driver-cpu";
import { makeModel, Random } from "@ripvec/driver-testkit";
import { expect, test } from "vitest";
import { driverOn } from "./support/drivers.js";
import { describeLane, type NodeLane } from "./support/lanes.js";

const { source: model } = makeModel({
  family: "bert",
  seed: 4,
  layers: 3,
  hidden: 96,
  heads: 4,
  intermediate: 200,
  vocabSize: 300,
  maxPositions: 96,
  pooling: "mean",
  normalize: true,
});

const lengths = [5, 1, 64, 33, 90, 2, 17];

function texts(): Encoding[] {
  const random = new Random("model parity");
  return lengths.map((length) => ({ inputIds: random.integers(length, 300) }));
}

async function embed(driver: Driver): Promise<Float32Array[]> {
  await using backend = await GenericBackend.create({
    driver,
    arch: classicBert,
    model,
    maxBatchTokens: 96,
  });
  return await backend.embedBatch(texts());
}

for (const lane of ["swiftshader", "lavapipe", "system"] satisfies NodeLane[]) {
  describeLane(lane, () => {
    test("a BERT gives the vectors of driver-cpu, lengths mixed", async () => {
      const [got, want] = await Promise.all([embed(await driverOn(lane)), embed(await cpu())]);
      want.forEach((vector, i) => {
        const other = got[i] ?? new Float32Array();
        const dot = vector.reduce((sum, value, d) => sum + value * (other[d] ?? Number.NaN), 0);
        const largest = vector.reduce(
          (most, value, d) => Math.max(most, Math.abs(value - (other[d] ?? Number.NaN))),
          0,
        );
        expect(1 - dot, `1 − cos, text ${i} of ${lengths[i]} tokens`).toBeLessThan(1e-6);
        expect(largest, `text ${i}: largest difference of an element`).toBeLessThan(2e-5);
      });
    });
  });
}
