import { ClosedError, DeviceError, type EmbedBackend, embedTexts, InputError } from "@ripvec/core";
import { expect, test } from "vitest";
import { Gate, settle, toyBackend } from "../support/backend.js";
import type { ToyLog } from "../support/toy-driver.js";
import { ToyTokenizer } from "../support/toy-model.js";

/** Endless texts; says whether it was closed. */
class Source implements AsyncIterable<string> {
  pulled = 0;
  closed = 0;
  /** Throws this at the given text. */
  failure: { at: number; error: unknown } | undefined;
  /** Gives no more texts from the given one on. */
  stuckAt = Number.POSITIVE_INFINITY;

  [Symbol.asyncIterator](): AsyncIterator<string> {
    return {
      next: async () => {
        const index = this.pulled++;
        if (index >= this.stuckAt) await new Promise(() => {});
        if (index === this.failure?.at) throw this.failure.error;
        return { done: false, value: `t${index}` };
      },
      return: async () => {
        this.closed++;
        return { done: true, value: undefined };
      },
    };
  }
}

/** Nothing runs, and nothing starts any more. */
async function expectQuiet(log: ToyLog, tokenizer: ToyTokenizer): Promise<void> {
  await settle();
  const before = [log.passes.length, tokenizer.encoded];
  await settle();
  expect([log.passes.length, tokenizer.encoded]).toEqual(before);
  expect(log.running).toBe(0);
}

async function drain(rows: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of rows) count++;
  return count;
}

/** A backend that is not GenericBackend. */
function foreignBackend(embedBatch: EmbedBackend["embedBatch"]): EmbedBackend {
  const backend: EmbedBackend = {
    ...{ name: "f", dim: 4, maxTokens: 16, isGpu: false, maxInFlight: 1, maxBatch: 8 },
    maxBatchTokens: 64,
    ...{ supportsClone: false, clone: () => backend, fingerprint: async () => "" },
    embedBatch,
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  return backend;
}

test("leaving the loop early closes the source and leaves nothing running", async () => {
  const { backend, log } = await toyBackend({ capabilities: { maxInFlight: 4 } });
  const source = new Source();
  const tokenizer = new ToyTokenizer();
  for await (const { index } of embedTexts(backend, tokenizer, source)) if (index === 30) break;
  expect(source.closed).toBe(1);
  await expectQuiet(log, tokenizer);
  await backend.close();
});

test("leaving early does not wait for the batches in flight", async () => {
  const { backend, log } = await toyBackend({
    capabilities: { overlapsPasses: true, maxInFlight: 4 },
  });
  const gate = new Gate(log);
  const tokenizer = new ToyTokenizer();
  const rows = embedTexts(backend, tokenizer, new Array<string>(200).fill("x"));
  const first = rows.next();
  await gate.release();
  await first;
  await settle();
  expect(gate.held).toBe(4);
  await rows.return();
  for (let i = 0; i < 4; i++) await gate.release();
  await expectQuiet(log, tokenizer);
});

test("after an error no batch is submitted, even if the backend ignores the signal", async () => {
  let calls = 0;
  const { backend } = await toyBackend();
  const failing = foreignBackend(async (encodings) => {
    const call = ++calls;
    await settle();
    if (call === 2) throw new Error("broken");
    return backend.embedBatch(encodings);
  });
  const rows = embedTexts(failing, new ToyTokenizer(), new Array<string>(500).fill("x"));
  await rows.next();
  for (let i = 0; i < 5; i++) await settle();
  const before = calls;
  expect(before).toBe(2);
  await expect(drain(rows)).rejects.toThrow("broken");
  expect(calls).toBe(before);
});

test("a backend that returns too few vectors is a DeviceError, and nothing hangs", async () => {
  const forgetful = foreignBackend(async (encodings) =>
    encodings.slice(1).map(() => new Float32Array(4)),
  );
  const rows = embedTexts(forgetful, new ToyTokenizer(), ["a", "b"]);
  const error = await drain(rows).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DeviceError);
  expect(error).toMatchObject({ message: "f: returned 1 vectors for 2 encodings" });
});

test("a source that has ended is not closed again", async () => {
  const { backend } = await toyBackend();
  let closed = 0;
  const inner = ["a", "b"].values();
  const source: Iterable<string> = {
    [Symbol.iterator]: () => ({
      next: () => inner.next(),
      return: () => {
        closed++;
        return { done: true, value: undefined };
      },
    }),
  };
  expect(await drain(embedTexts(backend, new ToyTokenizer(), source))).toBe(2);
  expect(closed).toBe(0);
});

test("nothing is read before the first pull", async () => {
  const { backend } = await toyBackend();
  const source = new Source();
  await embedTexts(backend, new ToyTokenizer(), source).return();
  expect([source.pulled, source.closed]).toEqual([0, 0]);
});

test("abort rejects the pending pull with the reason", async () => {
  const { backend, log } = await toyBackend();
  const gate = new Gate(log);
  const source = new Source();
  const tokenizer = new ToyTokenizer();
  const controller = new AbortController();
  const rows = embedTexts(backend, tokenizer, source, { signal: controller.signal });
  const pull = rows.next();
  await settle();
  const reason = new Error("enough");
  controller.abort(reason);
  await expect(pull).rejects.toBe(reason);
  expect(source.closed).toBe(1);
  await gate.release();
  await expectQuiet(log, tokenizer);
  expect(await rows.next()).toEqual({ done: true, value: undefined });
  expect(log.passes).toHaveLength(1);
});

test("abort before the first pull, and between pulls", async () => {
  const { backend, log } = await toyBackend();
  const source = new Source();
  const signal = AbortSignal.abort("early");
  const rows = embedTexts(backend, new ToyTokenizer(), source, { signal });
  await expect(rows.next()).rejects.toBe("early");
  expect([source.pulled, source.closed, log.passes.length]).toEqual([0, 1, 0]);

  const controller = new AbortController();
  const later = embedTexts(backend, new ToyTokenizer(), source, { signal: controller.signal });
  await later.next();
  controller.abort("late");
  await expect(later.next()).rejects.toBe("late");
  expect(source.closed).toBe(2);
});

test("abort while the source gives nothing", async () => {
  const { backend, log } = await toyBackend();
  const source = new Source();
  source.stuckAt = 3;
  const tokenizer = new ToyTokenizer();
  const controller = new AbortController();
  const rows = embedTexts(backend, tokenizer, source, { signal: controller.signal });
  for (let i = 0; i < 3; i++) expect((await rows.next()).value).toMatchObject({ index: i });
  const pull = rows.next();
  await settle();
  controller.abort("stop");
  await expect(pull).rejects.toBe("stop");
  expect(source.closed).toBe(1);
  await expectQuiet(log, tokenizer);
});

test("an error of the source is thrown and stops everything", async () => {
  const { backend, log } = await toyBackend();
  const source = new Source();
  const error = new Error("disk gone");
  source.failure = { at: 400, error };
  const tokenizer = new ToyTokenizer();
  await expect(drain(embedTexts(backend, tokenizer, source))).rejects.toBe(error);
  expect(tokenizer.encoded).toBe(400);
  await expectQuiet(log, tokenizer);
});

test("an error of the tokenizer is thrown, and closes the source", async () => {
  const { backend, log } = await toyBackend();
  const source = new Source();
  const error = new Error("bad text");
  class Broken extends ToyTokenizer {
    override encode(text: string) {
      if (text === "t77") throw error;
      return super.encode(text);
    }
  }
  const tokenizer = new Broken();
  await expect(drain(embedTexts(backend, tokenizer, source))).rejects.toBe(error);
  expect(source.closed).toBe(1);
  await expectQuiet(log, tokenizer);
});

test("an error of the backend is thrown once, and stops the batches after it", async () => {
  const { backend, log } = await toyBackend({ capabilities: { maxInFlight: 2 } });
  const source = new Source();
  const error = new DeviceError("toy", "lost");
  log.answer = (bytes, pass) => {
    if (pass >= 5) throw error;
    return bytes;
  };
  const tokenizer = new ToyTokenizer();
  await expect(drain(embedTexts(backend, tokenizer, source))).rejects.toBe(error);
  expect(source.closed).toBe(1);
  await expectQuiet(log, tokenizer);
  expect(log.passes.length).toBeLessThanOrEqual(7);
});

test("closing the backend in the middle gives a ClosedError, also to a consumer that pulls later", async () => {
  const { backend } = await toyBackend();
  const rows = embedTexts(backend, new ToyTokenizer(), new Source());
  await rows.next();
  await backend.close();
  await settle();
  await expect(drain(rows)).rejects.toBeInstanceOf(ClosedError);
});

test("an error of onProgress is thrown", async () => {
  const { backend, log } = await toyBackend();
  const error = new Error("bar broke");
  const onProgress = () => {
    throw error;
  };
  const tokenizer = new ToyTokenizer();
  const rows = embedTexts(backend, tokenizer, new Source(), { onProgress });
  await expect(drain(rows)).rejects.toBe(error);
  await expectQuiet(log, tokenizer);
});

test("the error for a text that is not a string names it", async () => {
  const { backend } = await toyBackend();
  const texts = ["a", "b", 3 as unknown as string];
  const rows = drain(embedTexts(backend, new ToyTokenizer(), texts));
  await expect(rows).rejects.toBeInstanceOf(InputError);
  await expect(rows).rejects.toMatchObject({ index: 2, message: expect.stringMatching("number") });
});

test("the error for an encoding that the backend refuses names the text", async () => {
  const { backend } = await toyBackend();
  class Strange extends ToyTokenizer {
    override encode(text: string) {
      return text === "t150" ? { inputIds: [12_345] } : super.encode(text);
    }
  }
  const rows = drain(embedTexts(backend, new Strange(), new Source()));
  await expect(rows).rejects.toMatchObject({ code: "INPUT", index: 150 });
  await expect(rows).rejects.toThrow(/text 150: .*12345/);
});

test("an error of closing the source is thrown only if nothing else failed", async () => {
  const { backend } = await toyBackend();
  const close = new Error("cannot close");
  const source = (): Iterable<string> => ({
    [Symbol.iterator]: () => ({
      next: () => ({ done: false, value: "x" }),
      return: () => {
        throw close;
      },
    }),
  });
  const rows = embedTexts(backend, new ToyTokenizer(), source());
  await rows.next();
  await expect(rows.return()).rejects.toBe(close);

  const controller = new AbortController();
  const aborted = embedTexts(backend, new ToyTokenizer(), source(), { signal: controller.signal });
  await aborted.next();
  controller.abort("first");
  await expect(aborted.next()).rejects.toBe("first");
});
