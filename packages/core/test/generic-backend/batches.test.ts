import { DeviceError } from "@ripvec/core";
import { expect, test } from "vitest";
import { encoding, Gate, settle, tokensOf, toyBackend } from "../support/backend.js";
import { expectedVector } from "../support/toy-model.js";

test("gives one vector per encoding, in order, each with its own memory", async () => {
  const { backend } = await toyBackend();
  const ids = [[5], [6, 7], [8, 9, 10], [5]];
  const vectors = await backend.embedBatch(ids.map((row) => encoding(...row)));
  expect(vectors).toEqual(ids.map(expectedVector));
  for (const vector of vectors) {
    expect(vector.byteOffset).toBe(0);
    expect(vector.buffer.byteLength).toBe(16);
  }
  vectors[0]?.fill(0);
  expect(vectors[3]).toEqual(expectedVector([5]));
});

test("no encodings give no pass", async () => {
  const { backend, log } = await toyBackend();
  expect(await backend.embedBatch([])).toEqual([]);
  expect(log.passes).toEqual([]);
});

test("splits a call by tokens; an encoding longer than a batch is a batch of its own", async () => {
  const { backend, log } = await toyBackend({ options: { maxBatchTokens: 8 } });
  const lengths = [3, 5, 1, 12, 4, 4, 1, 8, 9];
  const vectors = await backend.embedBatch(lengths.map((length, i) => tokensOf(i, length)));
  expect(log.passes).toEqual([[3, 5], [1], [12], [4, 4], [1], [8], [9]]);
  expect(vectors).toHaveLength(lengths.length);
  vectors.forEach((vector, i) => {
    const ids = [i, ...new Array<number>((lengths[i] ?? 0) - 1).fill(0)];
    expect(vector).toEqual(expectedVector(ids));
  });
});

test("splits a call by the number of encodings", async () => {
  const { backend, log } = await toyBackend({ options: { maxBatch: 3 } });
  await backend.embedBatch(Array.from({ length: 8 }, (_, i) => encoding(i)));
  expect(log.passes).toEqual([
    [1, 1, 1],
    [1, 1, 1],
    [1, 1],
  ]);
});

test("takes the driver's preferred tokens and 256 encodings by default", async () => {
  const { backend, log } = await toyBackend({ capabilities: { preferredBatchTokens: 1000 } });
  expect(backend.maxBatchTokens).toBe(1000);
  await backend.embedBatch(Array.from({ length: 300 }, () => encoding(1)));
  expect(log.passes.map((pass) => pass.length)).toEqual([256, 44]);
});

test("padding counts as tokens for a model that takes padded batches", async () => {
  const lengths: number[][] = [];
  const { backend } = await toyBackend({
    options: { maxBatchTokens: 8 },
    loaded: {
      batchKind: "padded",
      forward(ops, batch) {
        lengths.push([...batch.seqLens]);
        return ops.allocZeroed("f32", [batch.size, 4]);
      },
    },
  });
  await backend.embedBatch([1, 4, 1, 2, 2, 2].map((length, i) => tokensOf(i, length)));
  expect(lengths).toEqual([
    [1, 4],
    [1, 2, 2, 2],
  ]);
});

test("two hundred calls at once get their own rows, in few passes", async () => {
  const { backend, log } = await toyBackend({ options: { maxBatchTokens: 400 } });
  const calls = Array.from({ length: 200 }, (_, i) => {
    const rows = Array.from({ length: 1 + (i % 3) }, (_, row) => [i % 100, row]);
    return backend
      .embedBatch(rows.map((ids) => encoding(...ids)))
      .then((vectors) => expect(vectors).toEqual(rows.map(expectedVector)));
  });
  await Promise.all(calls);
  const rowCount = log.passes.reduce((sum, pass) => sum + pass.length, 0);
  expect(rowCount).toBe(399);
  expect(log.passes).toHaveLength(2);
  expect(log.mostRunning).toBe(1);
});

test("calls that wait while a batch runs share the next one", async () => {
  const { backend, log } = await toyBackend();
  const gate = new Gate(log);
  const first = backend.embedBatch([encoding(1)]);
  await settle();
  const later = [];
  for (const id of [2, 3, 4]) {
    later.push(backend.embedBatch([encoding(id)]));
    await settle();
  }
  expect(log.passes).toEqual([[1]]);
  await gate.release();
  await first;
  await settle();
  expect(log.passes).toEqual([[1], [1, 1, 1]]);
  await gate.release();
  const vectors = await Promise.all(later);
  expect(vectors).toEqual([2, 3, 4].map((id) => [expectedVector([id])]));
});

test.each([
  { overlapsPasses: false, lengths: [9], beside: [] },
  { overlapsPasses: false, lengths: [10], beside: [[10]] },
  { overlapsPasses: false, lengths: [6, 3], beside: [] },
  { overlapsPasses: false, lengths: [6, 4], beside: [[6, 4]] },
  { overlapsPasses: false, lengths: [5, 16], beside: [[5], [16]] },
  { overlapsPasses: true, lengths: [1], beside: [[1]] },
])(
  "while a batch runs, $beside of $lengths start (overlapsPasses: $overlapsPasses)",
  async (row) => {
    const { backend, log } = await toyBackend({
      capabilities: { overlapsPasses: row.overlapsPasses, maxInFlight: 3 },
      options: { maxBatchTokens: 20 },
    });
    log.passes.length = 0;
    const gate = new Gate(log);
    const first = backend.embedBatch([encoding(1)]);
    await settle();
    const later = row.lengths.map((length, i) => backend.embedBatch([tokensOf(i, length)]));
    await settle();
    expect(log.passes).toEqual([[1], ...row.beside]);
    while (gate.held > 0) await gate.release();
    await first;
    await settle();
    while (gate.held > 0) await gate.release();
    await Promise.all(later);
    expect(log.passes.flat()).toEqual([1, ...row.lengths]);
  },
);

test("an aborted call does not keep later calls from a batch", async () => {
  const { backend, log } = await toyBackend();
  const gate = new Gate(log);
  const first = backend.embedBatch([encoding(1)]);
  await settle();
  const abort = new AbortController();
  const calls = [2, 3, 4].map((id) =>
    backend.embedBatch([encoding(id)], id === 3 ? { signal: abort.signal } : {}),
  );
  const outcomes = Promise.allSettled(calls);
  abort.abort();
  await gate.release();
  await first;
  await settle();
  await gate.release();
  expect((await outcomes).map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  expect(log.passes).toEqual([[1], [1, 1]]);
});

test.each([1, 2, 4])("keeps %i passes in flight, and no more", async (maxInFlight) => {
  const { backend, log } = await toyBackend({
    capabilities: { maxInFlight },
    options: { maxBatch: 1 },
  });
  const gate = new Gate(log);
  const call = backend.embedBatch(Array.from({ length: 9 }, (_, i) => encoding(i)));
  await settle();
  expect(gate.held).toBe(maxInFlight);
  for (let i = 0; i < 9; i++) await gate.release();
  expect((await call).map((vector) => vector[0])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(log.mostRunning).toBe(maxInFlight);
});

test("passes that finish out of order don't mix rows", async () => {
  const { backend, log } = await toyBackend({
    capabilities: { maxInFlight: 3 },
    options: { maxBatch: 2 },
  });
  log.answer = async (bytes, pass) => {
    for (let i = 0; i < 5 - pass; i++) await settle();
    return bytes;
  };
  const vectors = await backend.embedBatch(Array.from({ length: 12 }, (_, i) => encoding(i)));
  expect(vectors).toEqual(Array.from({ length: 12 }, (_, i) => expectedVector([i])));
});

test("a failing batch rejects only the calls that have rows in it", async () => {
  const { backend, log } = await toyBackend({ options: { maxBatch: 2 } });
  const failure = new DeviceError("toy", "lost");
  log.answer = (bytes, pass) => {
    if (pass === 1) throw failure;
    return bytes;
  };
  const rows = (from: number, count: number) =>
    backend.embedBatch(Array.from({ length: count }, (_, i) => encoding(from + i)));
  // Batches: [0 1] [2 | 10] [11 | 20] — the last call shares none with the failure.
  const results = await Promise.allSettled([rows(0, 3), rows(10, 2), rows(20, 1)]);
  expect(results[0]).toEqual({ status: "rejected", reason: failure });
  expect(results[1]).toEqual({ status: "rejected", reason: failure });
  expect(results[2]).toEqual({ status: "fulfilled", value: [expectedVector([20])] });
  // Row 11 belonged to a call that had failed: it was not computed.
  expect(log.passes).toEqual([[1, 1], [1, 1], [1]]);
  expect(await rows(30, 1)).toEqual([expectedVector([30])]);
});

test("an error while recording rejects the call and leaves the backend usable", async () => {
  let broken = true;
  const { backend, log } = await toyBackend({
    loaded: {
      forward(ops, batch) {
        if (broken) throw new Error("no forward today");
        return ops.allocZeroed("f32", [batch.size, 4]);
      },
    },
  });
  await expect(backend.embedBatch([encoding(1)])).rejects.toThrow("no forward today");
  expect(log.abandoned).toBe(1);
  broken = false;
  expect(await backend.embedBatch([encoding(1)])).toEqual([new Float32Array(4)]);
});
