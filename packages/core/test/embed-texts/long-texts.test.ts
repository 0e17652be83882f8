import { type EmbeddedText, type Encoding, embedTexts, type TooLongError } from "@ripvec/core";
import { expect, test } from "vitest";
import { toyBackend } from "../support/backend.js";
import { maxTokens, ToyTokenizer } from "../support/toy-model.js";

/** Remembers how much it was given. */
class CountingTokenizer extends ToyTokenizer {
  characters = 0;

  override encode(text: string): Encoding {
    this.characters += text.length;
    return super.encode(text);
  }
}

async function embedOne(text: string, overflow: "truncate" | "error" = "truncate") {
  const tokenizer = new CountingTokenizer();
  const { backend } = await toyBackend();
  const rows: EmbeddedText[] = [];
  for await (const row of embedTexts(backend, tokenizer, [text], { overflow })) rows.push(row);
  return { row: rows[0], characters: tokenizer.characters };
}

const megabyte = "abc de fghi ".repeat(90_000);

test("only the head of a text of a megabyte is tokenised", async () => {
  const { row, characters } = await embedOne(megabyte);
  const short = await embedOne(megabyte.slice(0, 100));
  expect(row).toMatchObject({ tokens: maxTokens, truncated: true, text: megabyte });
  expect(row?.embedding).toEqual(short.row?.embedding);
  expect(characters).toBeLessThan(20_000);
});

test("a text that is not much longer than a head is tokenised once, as a whole", async () => {
  const text = megabyte.slice(0, 30_000);
  expect((await embedOne(text)).characters).toBe(text.length);
});

test("a text without white space is tokenised as a whole", async () => {
  const text = "a".repeat(100_000);
  expect((await embedOne(text)).characters).toBe(text.length);
});

test("a tokenizer that truncates at the left gets the whole text and keeps its end", async () => {
  class LeftTokenizer extends ToyTokenizer {
    readonly prefixTokens = 1;
    readonly truncationSide = "left";
  }
  const embed = async (text: string) => {
    const { backend } = await toyBackend();
    for await (const row of embedTexts(backend, new LeftTokenizer(), [text])) return row;
    return undefined;
  };
  const row = await embed(megabyte);
  const end = await embed(megabyte.slice(2 - maxTokens));
  expect(row).toMatchObject({ tokens: maxTokens, truncated: true });
  expect(end).toMatchObject({ tokens: maxTokens, truncated: false });
  expect(row?.embedding).toEqual(end?.embedding);
});

test("a head with too few tokens is not used", async () => {
  class WordTokenizer extends CountingTokenizer {
    override encode(text: string): Encoding {
      super.encode(text);
      return super.encode(
        text
          .split(/\s+/)
          .join("")
          .slice(0, 2 * maxTokens - 3),
      );
    }
  }
  const tokenizer = new WordTokenizer();
  const { backend } = await toyBackend();
  for await (const row of embedTexts(backend, tokenizer, [megabyte])) {
    expect(row.truncated).toBe(true);
  }
  expect(tokenizer.characters).toBeGreaterThan(megabyte.length);
});

test("the error about a long text says that it counted no further than needed", async () => {
  const error = await embedOne(megabyte, "error").catch((thrown: TooLongError) => thrown);
  expect(error).toMatchObject({ code: "TOO_LONG", isLowerBound: true, index: 0, maxTokens });
  expect((error as TooLongError).message).toMatch(/^text 0 has at least \d+ tokens, the limit is/);
});
