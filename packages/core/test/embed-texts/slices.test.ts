import {
  type EmbeddedText,
  type Encoding,
  embedTexts,
  type PartialEncoding,
  type TooLongError,
} from "@ripvec/core";
import { afterEach, expect, test, vi } from "vitest";
import { toyBackend } from "../support/backend.js";
import { idsOf, maxTokens, sep, ToyTokenizer } from "../support/toy-model.js";

/** Reads a long text in parts of 1,000 characters, and says that a millisecond has passed after each. */
class PartTokenizer extends ToyTokenizer {
  parts: readonly string[] = [];
  characters = 0;

  *encodeLong(
    parts: readonly string[],
    options: { readonly maxTokens: number },
  ): Generator<undefined, PartialEncoding, undefined> {
    this.parts = parts;
    const ids: number[] = [];
    const text = parts.join("");
    for (let at = 0; at < text.length; at += 1_000) {
      const part = text.slice(at, at + 1_000);
      this.characters += part.length;
      ids.push(...idsOf(part.replaceAll("-", "")));
      if (ids.length > options.maxTokens) break;
      vi.setSystemTime(Date.now() + 1);
      yield;
    }
    const isWhole = ids.length <= options.maxTokens;
    return { encoding: { inputIds: [0, ...ids, sep] }, tokens: ids.length + 2, isWhole };
  }
}

afterEach(() => {
  vi.useRealTimers();
});

function fakeClock(): void {
  vi.useFakeTimers({ toFake: ["Date"] });
}

async function embedAll(
  tokenizer: ToyTokenizer,
  texts: Iterable<string>,
  options: Parameters<typeof embedTexts>[3] = {},
): Promise<EmbeddedText[]> {
  const { backend } = await toyBackend();
  const rows: EmbeddedText[] = [];
  for await (const row of embedTexts(backend, tokenizer, texts, options)) rows.push(row);
  return rows;
}

test("encodeLong is stopped once it has the tokens that are kept", async () => {
  fakeClock();
  const tokenizer = new PartTokenizer();
  const text = "a".repeat(1_000_000);
  const [row] = await embedAll(tokenizer, [text]);
  const [short] = await embedAll(new ToyTokenizer(), [text.slice(0, 100)]);
  expect(row).toMatchObject({ tokens: maxTokens, truncated: true });
  expect(row?.embedding).toEqual(short?.embedding);
  expect(tokenizer.characters).toBe(1_000);
  expect(tokenizer.encoded).toBe(0);
});

test("the prompt comes first, and no surrogate pair is cut", async () => {
  fakeClock();
  const tokenizer = new PartTokenizer();
  const text = `${"-".repeat(4_095)}${"😀".repeat(20_000)}`;
  await embedAll(tokenizer, [text], { prompt: "query: " });
  expect(tokenizer.parts.join("")).toBe(`query: ${text}`);
  expect(tokenizer.parts.length).toBeGreaterThan(1);
  for (const part of tokenizer.parts) expect(part).not.toMatch(/\p{Surrogate}/u);
});

test("other work runs every 8 ms while a long text is read", async () => {
  fakeClock();
  const tokenizer = new PartTokenizer();
  const turns: number[] = [];
  const watch = setInterval(() => turns.push(tokenizer.characters), 0);
  await embedAll(tokenizer, ["-".repeat(1_000_000)]);
  clearInterval(watch);
  const between = turns.filter((characters) => characters > 0 && characters < 1_000_000);
  expect(between.length).toBeGreaterThan(5);
});

test("aborting ends the reading of a long text", async () => {
  fakeClock();
  const tokenizer = new PartTokenizer();
  const controller = new AbortController();
  setImmediate(() => controller.abort(new Error("enough")));
  const reading = embedAll(tokenizer, ["-".repeat(10_000_000)], { signal: controller.signal });
  await expect(reading).rejects.toThrow("enough");
  expect(tokenizer.characters).toBeLessThan(1_000_000);
});

test("the error for a very long text says that its number of tokens is a lower bound", async () => {
  fakeClock();
  const reading = embedAll(new PartTokenizer(), ["a".repeat(50_000)], { overflow: "error" });
  const error = await reading.catch((thrown: TooLongError) => thrown);
  expect(error).toMatchObject({ code: "TOO_LONG", isLowerBound: true, tokens: 1_002, maxTokens });
});

test("texts of many characters and few tokens are not read far ahead", async () => {
  class BlankTokenizer extends ToyTokenizer {
    override encode(): Encoding {
      return { inputIds: [0, sep] };
    }
  }
  const page = "-".repeat(2 ** 19);
  let held = 0;
  let most = 0;
  function* blankPages(): Generator<string> {
    for (let i = 0; i < 200; i++) {
      held += page.length;
      most = Math.max(most, held);
      yield page;
    }
  }
  const { backend } = await toyBackend();
  for await (const row of embedTexts(backend, new BlankTokenizer(), blankPages())) {
    held -= row.text.length;
  }
  expect(most).toBeLessThanOrEqual(3 * 2 ** 22);
});

test("a window is closed when it takes long, and its texts are embedded", async () => {
  fakeClock();
  let pulled = 0;
  function* slowTexts(): Generator<string> {
    for (; pulled < 5_000; pulled++) {
      vi.setSystemTime(Date.now() + 8);
      yield "a";
    }
  }
  const { backend } = await toyBackend();
  for await (const row of embedTexts(backend, new ToyTokenizer(), slowTexts())) {
    expect(row.index).toBe(0);
    break;
  }
  expect(pulled).toBeLessThan(200);
});
