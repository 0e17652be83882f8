import { ClosedError, embedTexts, GenericBackend, UnsupportedError } from "@ripvec/core";
import { createDriver } from "@ripvec/core/driver";
import { expect, test } from "vitest";
import { encoding, Gate, settle, toyBackend } from "../support/backend.js";
import { ToyImplementation, ToyLog } from "../support/toy-driver.js";
import { expectedVector, ToyArch, ToyTokenizer, toyModel } from "../support/toy-model.js";

/** An AbortController that counts its listeners. */
class CountingController extends AbortController {
  listeners = 0;

  constructor() {
    super();
    const { signal } = this;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      this.listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      this.listeners--;
      remove(...args);
    };
  }
}

const many = (count: number) => Array.from({ length: count }, (_, i) => encoding(i));

test("abort rejects at once with the reason, drops waiting encodings, and does not affect other calls", async () => {
  const { backend, log } = await toyBackend({ options: { maxBatch: 2 } });
  const gate = new Gate(log);
  const controller = new CountingController();
  const aborted = backend.embedBatch(many(6), { signal: controller.signal });
  const other = backend.embedBatch([encoding(50)]);
  await settle();
  expect(log.passes).toEqual([[1, 1]]);
  const reason = new Error("changed my mind");
  controller.abort(reason);
  await expect(aborted).rejects.toBe(reason);
  expect(controller.listeners).toBe(0);
  await gate.release();
  await gate.release();
  expect(await other).toEqual([expectedVector([50])]);
  expect(log.passes).toEqual([[1, 1], [1]]);
});

test("a call that shares a batch with an aborted one gets its rows", async () => {
  const { backend, log } = await toyBackend();
  const gate = new Gate(log);
  const controller = new AbortController();
  const aborted = backend.embedBatch([encoding(1)], { signal: controller.signal });
  const other = backend.embedBatch([encoding(2)]);
  await settle();
  expect(log.passes).toEqual([[1, 1]]);
  controller.abort();
  await expect(aborted).rejects.toMatchObject({ name: "AbortError" });
  await gate.release();
  expect(await other).toEqual([expectedVector([2])]);
});

test("an aborted signal refuses a call, and the listener on a signal is removed after the call", async () => {
  const { backend, log } = await toyBackend();
  await expect(backend.embedBatch([encoding(1)], { signal: AbortSignal.abort("no") })).rejects.toBe(
    "no",
  );
  expect(log.passes).toEqual([]);
  const controller = new CountingController();
  await backend.embedBatch([encoding(1)], { signal: controller.signal });
  expect(controller.listeners).toBe(0);
  log.answer = () => Promise.reject(new Error("lost"));
  await expect(backend.embedBatch([encoding(1)], { signal: controller.signal })).rejects.toThrow(
    "lost",
  );
  expect(controller.listeners).toBe(0);
});

test("calls that share a signal add one listener to it, and an abort stops them all", async () => {
  const { backend, log } = await toyBackend({ options: { maxBatch: 1 } });
  const gate = new Gate(log);
  const controller = new CountingController();
  const { signal } = controller;
  const calls = Array.from({ length: 30 }, () => backend.embedBatch(many(2), { signal }));
  const texts = [1, 2].map(() => embedTexts(backend, new ToyTokenizer(), ["a"], { signal }).next());
  expect(controller.listeners).toBe(1);
  await gate.release();
  const settled = Promise.allSettled([...calls, ...texts]);
  controller.abort(new Error("enough"));
  for (const outcome of await settled) expect(outcome).toMatchObject({ reason: signal.reason });
  expect(controller.listeners).toBe(0);
  await gate.release();
  await backend.close();
});

test("a signal without a reason rejects with an AbortError", async () => {
  const { backend } = await toyBackend();
  const signal = { aborted: true, addEventListener: () => {}, removeEventListener: () => {} };
  await expect(backend.embedBatch([encoding(1)], { signal })).rejects.toMatchObject({
    name: "AbortError",
  });
});

test("close waits for calls in flight, rejects waiting ones, and closes the driver once", async () => {
  const { backend, log } = await toyBackend({ options: { maxBatch: 2 } });
  const gate = new Gate(log);
  const inFlight = backend.embedBatch(many(2));
  await settle();
  const half = backend.embedBatch(many(3));
  await settle();
  const closing = backend.close();
  expect(backend.close()).toBe(closing);
  await expect(half).rejects.toBeInstanceOf(ClosedError);
  expect(log.closes).toBe(0);
  await gate.release();
  expect(await inFlight).toHaveLength(2);
  await closing;
  await backend.close();
  expect(log.closes).toBe(1);
  expect(log.passes).toHaveLength(1);
});

test("a call in the same tick as close is rejected", async () => {
  const { backend, log } = await toyBackend();
  const call = backend.embedBatch([encoding(1)]);
  const closing = backend.close();
  await expect(call).rejects.toBeInstanceOf(ClosedError);
  await closing;
  expect(log.passes).toEqual([]);
});

test("nothing works after close", async () => {
  const { backend } = await toyBackend();
  await backend.close();
  await expect(backend.embedBatch([encoding(1)])).rejects.toThrow(
    /backend toy\/toy-arch is closed/,
  );
  await expect(backend.embedBatch([])).rejects.toBeInstanceOf(ClosedError);
  await expect(backend.fingerprint()).rejects.toBeInstanceOf(ClosedError);
  expect(() => backend.clone()).toThrow(ClosedError);
});

test("await using closes", async () => {
  const { backend, log } = await toyBackend();
  await backend[Symbol.asyncDispose]();
  expect(log.closes).toBe(1);
});

test("a clone is its own queue over the same weights, and outlives the original", async () => {
  const { backend, log } = await toyBackend();
  const clone = backend.clone();
  expect(log.weights).toBe(1);
  expect(await clone.fingerprint()).toBe(await backend.fingerprint());
  const gate = new Gate(log);
  const calls = [backend.embedBatch([encoding(3)]), clone.embedBatch([encoding(4)])];
  await settle();
  expect(gate.held).toBe(2);
  await gate.release();
  await gate.release();
  expect(await Promise.all(calls)).toEqual([[expectedVector([3])], [expectedVector([4])]]);

  await backend.close();
  expect(log.open).toBe(1);
  log.answer = (bytes) => bytes;
  expect(await clone.embedBatch([encoding(5)])).toEqual([expectedVector([5])]);
  const grandchild = clone.clone();
  await clone.close();
  expect(await grandchild.embedBatch([encoding(6)])).toEqual([expectedVector([6])]);
  await grandchild.close();
  expect(log.open).toBe(0);
});

test("a clone has the options of its original", async () => {
  const { backend, log } = await toyBackend({ options: { dimensions: 2, maxBatch: 1 } });
  const clone = backend.clone();
  expect(clone).toMatchObject({ dim: 2, name: backend.name, maxTokens: 16 });
  const [a, b] = await clone.embedBatch([encoding(1), encoding(2)]);
  expect([a?.length, b?.length]).toEqual([2, 2]);
  expect(log.passes).toEqual([[1], [1]]);
});

test("clone over a driver without clone throws UnsupportedError", async () => {
  const driver = createDriver(new ToyImplementation(new ToyLog(), {}, false));
  const backend = await GenericBackend.create({ driver, arch: new ToyArch(), model: toyModel() });
  expect(backend.supportsClone).toBe(false);
  expect(() => backend.clone()).toThrow(UnsupportedError);
  expect(() => backend.clone()).toThrow(/driver toy "clone"$/);
});
