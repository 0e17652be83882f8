import { Readable } from "node:stream";
import { type EmbeddedText, embedTexts, InputError, TooLongError } from "@ripvec/core";
import { expect, test } from "vitest";
import { settle, toyBackend } from "../support/backend.js";
import { expectedVector, idsOf, maxTokens, sep, ToyTokenizer } from "../support/toy-model.js";

const vectorOf = (text: string) => expectedVector([0, ...idsOf(text), sep]);

async function collect(rows: AsyncIterable<EmbeddedText>): Promise<EmbeddedText[]> {
  const all: EmbeddedText[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

/** Texts of 0 … 12 letters in no order. */
const texts = Array.from({ length: 1000 }, (_, i) => "abcdefghijklm".slice(0, (i * 7) % 13));

async function* slowly(all: readonly string[]): AsyncGenerator<string> {
  for (const [i, text] of all.entries()) {
    if (i % 50 === 0) await settle();
    yield text;
  }
}

test.each([
  ["an array", () => texts],
  ["a generator", () => texts.values()],
  ["an async generator", () => slowly(texts)],
  ["a readable stream", () => Readable.from(texts) as AsyncIterable<string>],
])("%s becomes vectors in input order", async (_, source) => {
  const { backend } = await toyBackend();
  const rows = await collect(embedTexts(backend, new ToyTokenizer(), source()));
  const expected = texts.map((text, index) => ({
    index,
    text,
    tokens: text.length + 2,
    truncated: false,
    embedding: vectorOf(text),
  }));
  expect(rows).toEqual(expected);
});

test("batches hold texts of similar lengths, within the backend's limit of tokens", async () => {
  const { backend, log } = await toyBackend();
  await collect(embedTexts(backend, new ToyTokenizer(), texts));
  const spreads = log.passes.map((pass) => Math.max(...pass) - Math.min(...pass));
  const small = spreads.filter((spread) => spread <= 4).length;
  expect(small / spreads.length).toBeGreaterThan(0.9);
  for (const pass of log.passes) {
    expect(pass.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(64);
  }
});

test("no texts give no rows", async () => {
  const { backend, log } = await toyBackend();
  expect(await collect(embedTexts(backend, new ToyTokenizer(), []))).toEqual([]);
  expect(log.passes).toEqual([]);
});

test("a long text is truncated, keeps its closing token, and is marked as truncated", async () => {
  const { backend } = await toyBackend();
  const long = "x".repeat(40);
  const rows = await collect(embedTexts(backend, new ToyTokenizer(), ["ab", long]));
  expect(rows[0]).toMatchObject({ tokens: 4, truncated: false });
  expect(rows[1]).toMatchObject({ text: long, tokens: maxTokens, truncated: true });
  expect(rows[1]?.embedding).toEqual(vectorOf("x".repeat(maxTokens - 2)));
});

test("maxTokens may be below that of the backend", async () => {
  const { backend } = await toyBackend();
  const options = { maxTokens: 5 };
  const [row] = await collect(embedTexts(backend, new ToyTokenizer(), ["abcdef"], options));
  expect(row).toMatchObject({ tokens: 5, truncated: true, embedding: vectorOf("abc") });
});

test('overflow "error" names the text and stops', async () => {
  const { backend } = await toyBackend();
  const rows = collect(
    embedTexts(backend, new ToyTokenizer(), ["ok", "x".repeat(15)], { overflow: "error" }),
  );
  await expect(rows).rejects.toBeInstanceOf(TooLongError);
  await expect(rows).rejects.toMatchObject({ index: 1, tokens: 17, maxTokens: 16 });
});

test("the prompt is embedded with the text, and the text comes back without it", async () => {
  const { backend } = await toyBackend();
  const rows = await collect(
    embedTexts(backend, new ToyTokenizer(), ["cat"], { prompt: "query: " }),
  );
  expect(rows).toMatchObject([{ text: "cat", tokens: 12, embedding: vectorOf("query: cat") }]);
});

test("the error for a vector that is not finite names the text, whatever batch it was in", async () => {
  const { backend, log } = await toyBackend();
  const pattern = expectedVector([0, ...idsOf("abcdefghijkl"), sep]);
  // 12 letters, the longest of all, stand first in their batches: 41st text of that length.
  const index = texts.findLastIndex((text) => text.length === 12);
  log.answer = (bytes) => {
    const values = new Float32Array(bytes);
    if (values[0] === pattern[0]) values[3] = Number.NaN;
    return bytes;
  };
  const marked = texts.map((text, i) => (i === index || text.length < 12 ? text : text.slice(1)));
  await expect(collect(embedTexts(backend, new ToyTokenizer(), marked))).rejects.toMatchObject({
    code: "DEVICE",
    name: "NotFiniteError",
    index,
    element: 3,
    message: `toy: the vector of text ${index} is not finite: element 3 is NaN`,
  });
});

test("a vector that is not finite keeps its cause where activations are f16", async () => {
  const { backend, log } = await toyBackend({
    capabilities: { dtypes: new Set(["f32", "f16"] as const) },
    options: { activations: "f16" },
  });
  log.answer = (bytes) => new Float32Array(bytes.byteLength / 4).fill(Number.NaN).buffer;
  await expect(collect(embedTexts(backend, new ToyTokenizer(), ["a"]))).rejects.toMatchObject({
    index: 0,
    activations: "f16",
    message: expect.stringMatching(/text 0 is not finite.*65,504.*activations: "f32"$/),
  });
});

test("progress counts texts and tokens up to the totals", async () => {
  const { backend, log } = await toyBackend();
  const seen: { texts: number; tokens: number }[] = [];
  const onProgress = (progress: { texts: number; tokens: number }) => seen.push(progress);
  const rows = await collect(embedTexts(backend, new ToyTokenizer(), texts, { onProgress }));
  expect(seen).toHaveLength(log.passes.length);
  expect(seen.at(-1)).toEqual({
    texts: 1000,
    tokens: rows.reduce((sum, row) => sum + row.tokens, 0),
  });
  for (const [i, { texts: count }] of seen.entries()) {
    expect(count).toBeGreaterThan(seen[i - 1]?.texts ?? 0);
  }
});

test.each([
  [{ maxTokens: 17 }, /maxTokens must be a whole number in 2 … 16, got 17/],
  [{ maxTokens: 1 }, /maxTokens/],
  [{ overflow: "cut" as "error" }, /overflow/],
  [{ prompt: 3 as unknown as string }, /prompt/],
])("refuses the options %o", async (options, message) => {
  const { backend } = await toyBackend();
  const rows = collect(embedTexts(backend, new ToyTokenizer(), ["a"], options));
  await expect(rows).rejects.toThrow(message);
  await expect(rows).rejects.toBeInstanceOf(InputError);
});

test.each(["maxBatch", "maxBatchTokens", "maxInFlight"] as const)(
  "refuses a backend whose %s is not a whole number of at least 1",
  async (name) => {
    const { backend } = await toyBackend();
    for (const [value, got] of [
      [undefined, "undefined"],
      ["8", "a string"],
      [0, "0"],
      [1.5, "1.5"],
      [Number.NaN, "NaN"],
      [Number.POSITIVE_INFINITY, "Infinity"],
    ]) {
      const wrong = new Proxy(backend, {
        get: (target, key) => (key === name ? value : Reflect.get(target, key, target)),
      });
      const rows = collect(embedTexts([backend, wrong], new ToyTokenizer(), ["a"]));
      const message = `backend.${name} must be a whole number of at least 1, got ${got}`;
      await expect(rows).rejects.toThrow(new InputError(message));
    }
  },
);

test("refuses a string, which is an iterable of characters, and values that are not iterable", async () => {
  const { backend } = await toyBackend();
  for (const wrong of ["hello", 7, null, undefined, {}]) {
    const rows = collect(embedTexts(backend, new ToyTokenizer(), wrong as string[]));
    await expect(rows).rejects.toThrow(/texts must be an iterable of strings/);
  }
  await expect(collect(embedTexts([], new ToyTokenizer(), ["a"]))).rejects.toThrow(InputError);
});

test("several clones share the batches", async () => {
  const { backend, log } = await toyBackend();
  const clones = [backend, backend.clone(), backend.clone()];
  const rows = await collect(embedTexts(clones, new ToyTokenizer(), texts));
  expect(rows.map((row) => row.index)).toEqual(texts.map((_, i) => i));
  expect(rows[17]?.embedding).toEqual(vectorOf(texts[17] ?? ""));
  expect(log.mostRunning).toBe(3);
});
