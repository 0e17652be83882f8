import { type Driver, type Encoding, GenericBackend } from "@ripvec/core";
import { memoryWeights } from "../model/safetensors.js";
import { expectThat } from "../run/conformance-error.js";
import { expectError } from "./contract-helpers.js";
import { expectSameBits } from "./model-suite.js";
import { needsClone, type SuiteTest } from "./suite.js";
import { randomTexts, tinyArch } from "./tiny-encoder.js";

/** Tests of the driver under a GenericBackend: concurrent calls, abort, clones, close. */
export const backendSuite: readonly SuiteTest[] = [
  {
    name: "backend: calls at the same time each get their own rows",
    async run(driver) {
      const backend = await backendOf(driver);
      const encodings = someEncodings("at once");
      const want = await backend.embedBatch(encodings);
      const calls = Array.from({ length: 40 }, (_, call) => {
        const at = [call % encodings.length, (call * 7) % encodings.length];
        const chosen = at.map((i) => encodings[i] ?? { inputIds: [] });
        return backend.embedBatch(chosen).then((vectors) => ({ at, vectors }));
      });
      for (const [call, { at, vectors }] of (await Promise.all(calls)).entries()) {
        at.forEach((i, row) => {
          expectSameBits(vectors[row], want[i], `call ${call}, row ${row}`);
        });
      }
    },
  },
  {
    name: "backend: an aborted call rejects, and the others continue",
    async run(driver) {
      const backend = await backendOf(driver);
      const encodings = someEncodings("abort");
      const want = await backend.embedBatch(encodings);
      const controller = new AbortController();
      const { signal } = controller;
      const calls = Array.from({ length: 20 }, (_, call) =>
        backend.embedBatch(encodings, call % 2 ? { signal } : {}),
      );
      const settled = Promise.allSettled(calls);
      controller.abort(new Error("enough"));
      for (const [call, outcome] of (await settled).entries()) {
        if (outcome.status === "fulfilled") {
          outcome.value.forEach((vector, i) => {
            expectSameBits(vector, want[i], `call ${call}, row ${i}`);
          });
        } else {
          expectThat(call % 2 === 1, `call ${call} was not aborted but rejected`);
          expectThat(outcome.reason === signal.reason, `call ${call}: ${String(outcome.reason)}`);
        }
      }
      const [again] = await backend.embedBatch(encodings.slice(0, 1));
      expectSameBits(again, want[0], "after the abort");
    },
  },
  {
    name: "backend: a clone continues to work when the original is closed",
    lacks: needsClone,
    async run(driver) {
      const backend = await backendOf(driver);
      const encodings = someEncodings("clones");
      const want = await backend.embedBatch(encodings);
      const clone = backend.clone();
      try {
        const waiting = clone.embedBatch(encodings);
        await backend.close();
        const both = [await waiting, await clone.embedBatch(encodings)];
        for (const vectors of both) {
          vectors.forEach((vector, i) => {
            expectSameBits(vector, want[i], `row ${i} of the clone`);
          });
        }
      } finally {
        await clone.close();
      }
    },
  },
  {
    name: "backend: closing closes the driver",
    async run(driver) {
      const backend = await backendOf(driver);
      await Promise.all([backend.close(), backend.close()]);
      expectThat(driver.closed, "the driver is still open");
      await expectError(() => backend.embedBatch([{ inputIds: [1] }]), "CLOSED", "embedBatch");
    },
  },
];

function backendOf(driver: Driver): Promise<GenericBackend> {
  const model = { id: "tiny", config: {}, weights: memoryWeights("tiny", []) };
  return GenericBackend.create({ driver, arch: tinyArch, model, maxBatchTokens: 100, maxBatch: 4 });
}

function someEncodings(seed: string): Encoding[] {
  return randomTexts(seed, [5, 80, 1, 33, 9, 64]).map(({ ids, types }) => ({
    inputIds: ids,
    tokenTypeIds: types,
  }));
}
