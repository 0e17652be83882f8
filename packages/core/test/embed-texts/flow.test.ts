import { embedTexts } from "@ripvec/core";
import { expect, test } from "vitest";
import { Gate, settle, toyBackend } from "../support/backend.js";
import { ToyTokenizer } from "../support/toy-model.js";

/** A window of the toy: 4 batches of 64 tokens, in texts of 3 tokens. */
const window = Math.ceil((4 * 64) / 3);

class Source implements Iterable<string> {
  pulled = 0;
  closed = 0;

  *[Symbol.iterator](): Generator<string> {
    try {
      for (;;) {
        this.pulled++;
        yield "x";
      }
    } finally {
      this.closed++;
    }
  }
}

test.each([1, 4])(
  "a consumer that stops pulling stops reading and submitting (%i in flight)",
  async (maxInFlight) => {
    const { backend, log } = await toyBackend({ capabilities: { maxInFlight } });
    const source = new Source();
    const tokenizer = new ToyTokenizer();
    const rows = embedTexts(backend, tokenizer, source);
    await settle();
    expect(source.pulled).toBe(0);
    await rows.next();
    await settle();
    const { pulled } = source;
    const passes = log.passes.length;
    expect(pulled).toBeLessThanOrEqual(3 * window);
    expect(tokenizer.encoded).toBe(pulled);
    await settle();
    expect(source.pulled).toBe(pulled);
    expect(log.passes).toHaveLength(passes);
    expect(log.running).toBe(0);
    // Read-ahead stays bounded over many windows.
    for (let taken = 2; taken <= 10 * window; taken++) {
      await rows.next();
      expect(source.pulled - taken).toBeLessThanOrEqual(3 * window);
    }
    await rows.return();
    expect(source.closed).toBe(1);
  },
);

test.each([1, 4])(
  "at most %i batches are in flight, and that many while there is work",
  async (maxInFlight) => {
    const { backend, log } = await toyBackend({
      capabilities: { overlapsPasses: true, maxInFlight },
    });
    const gate = new Gate(log);
    const texts = new Array<string>(2000).fill("x");
    const rows = drain(embedTexts(backend, new ToyTokenizer(), texts));
    await settle();
    expect(gate.held).toBe(maxInFlight);
    for (let i = 0; i < 60; i++) {
      await gate.release();
      await settle();
      expect(gate.held).toBe(maxInFlight);
    }
    log.answer = (bytes) => bytes;
    while (gate.held > 0) await gate.release();
    expect(await rows).toBe(2000);
    expect(log.mostRunning).toBe(maxInFlight);
  },
);

test.each([3, 300])("batches hold up to %i rows, the maxBatch of the backend", async (maxBatch) => {
  const { backend, log } = await toyBackend({
    capabilities: { preferredBatchTokens: 4096 },
    options: { maxBatch },
  });
  const progress: number[] = [];
  const onProgress = ({ texts }: { texts: number }) => progress.push(texts);
  const texts = new Array<string>(2 * maxBatch).fill("x");
  await drain(embedTexts(backend, new ToyTokenizer(), texts, { onProgress }));
  expect(log.passes.map(({ length }) => length)).toEqual([maxBatch, maxBatch]);
  expect(progress).toEqual([maxBatch, 2 * maxBatch]);
});

async function drain(rows: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of rows) count++;
  return count;
}

test("texts that a slow source has given are embedded while it gives no more", async () => {
  const { backend } = await toyBackend();
  let answered = 0;
  // Gives its next text only when the one before came back.
  async function* conversation(): AsyncGenerator<string> {
    for (let i = 0; i < 5; i++) {
      while (answered < i) await settle();
      yield `t${i}`;
    }
  }
  for await (const row of embedTexts(backend, new ToyTokenizer(), conversation())) {
    expect(row.index).toBe(answered);
    answered++;
  }
  expect(answered).toBe(5);
});

test("waiting texts are embedded when the device is free, although the source gives no more", async () => {
  const { backend, log } = await toyBackend();
  const gate = new Gate(log);
  async function* twoThenSilence(): AsyncGenerator<string> {
    yield "a";
    await settle();
    yield "b";
    await new Promise(() => {});
  }
  const controller = new AbortController();
  const { signal } = controller;
  const rows = embedTexts(backend, new ToyTokenizer(), twoThenSilence(), { signal });
  const first = rows.next();
  for (let i = 0; i < 3; i++) await settle();
  // "a" is in flight, "b" has arrived after it.
  expect(log.passes).toEqual([[3]]);
  await gate.release();
  expect((await first).value).toMatchObject({ text: "a" });
  await gate.release();
  expect((await rows.next()).value).toMatchObject({ text: "b" });
  controller.abort();
  await expect(rows.next()).rejects.toMatchObject({ name: "AbortError" });
});

test("the next window is read while batches of this one wait", async () => {
  const { backend, log } = await toyBackend({ capabilities: { maxInFlight: 4 } });
  const gate = new Gate(log);
  const source = new Source();
  const controller = new AbortController();
  const rows = embedTexts(backend, new ToyTokenizer(), source, { signal: controller.signal });
  const first = rows.next();
  await settle();
  expect(gate.held).toBe(4);
  expect(source.pulled).toBe(2 * window);
  controller.abort();
  await expect(first).rejects.toMatchObject({ name: "AbortError" });
});

test("timers fire while a long list is tokenised", async () => {
  const { backend } = await toyBackend({ capabilities: { preferredBatchTokens: 4096 } });
  let fired = 0;
  const timer = setInterval(() => fired++, 1);
  class SlowTokenizer extends ToyTokenizer {
    override encode(text: string) {
      const end = performance.now() + 1;
      while (performance.now() < end);
      return super.encode(text);
    }
  }
  const texts = new Array<string>(100).fill("abc");
  const firedAt: number[] = [];
  for await (const { index } of embedTexts(backend, new SlowTokenizer(), texts)) {
    if (index === 0) firedAt.push(fired);
  }
  clearInterval(timer);
  expect(firedAt[0]).toBeGreaterThan(2);
});
