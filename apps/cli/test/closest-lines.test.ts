import type { EmbedBackend, Encoding, Tokenizer } from "@ripvec/core";
import { expect, test } from "vitest";
import { closestLines } from "../src/closest-lines.js";
import { linesToSentenceEnd } from "../src/sentence.js";
import type { Session } from "../src/session.js";
import { snippets } from "../src/snippet.js";

const numbers = (shown: readonly { number: number }[]) => shown.map(({ number }) => number);

test("snippets have four lines and begin at every second line, and the last ends at the chunk's end", () => {
  const text = "a\nb\nc\nd\ne\nf\ng";
  expect(snippets({ text, from: 10 }).map(numbers)).toEqual([
    [10, 11, 12, 13],
    [12, 13, 14, 15],
    [13, 14, 15, 16],
  ]);
  expect(snippets({ text: "a\nb\nc\nd", from: 1 }).map(numbers)).toEqual([[1, 2, 3, 4]]);
  expect(snippets({ text: "a\nb\nc\nd\ne\nf", from: 1 }).map(numbers)).toEqual([
    [1, 2, 3, 4],
    [3, 4, 5, 6],
  ]);
  expect(snippets({ text: "a\nb", from: 1 }).map(numbers)).toEqual([[1, 2]]);
});

test("snippets have no blank lines at their ends, and none are blank", () => {
  const text = "a\n\n \n\n\n\nb";
  expect(snippets({ text, from: 1 }).map(numbers)).toEqual([[1], [7]]);
});

test("a snippet does not begin with the underline of a title", () => {
  const text = "The horse\nand the cart\nTitle\n=====\n\nA dog barks.\nIt is red.\nblue\ngreen";
  const [, second, third] = snippets({ text: `x\n${text}`, from: 1 }).map(numbers);
  expect([second, third]).toEqual([
    [3, 4, 5],
    [7, 8],
  ]);
  expect(snippets({ text: "----\n", from: 1 }).map(numbers)).toEqual([[1]]);
});

test.each<[string, number, string[]]>([
  ["a sentence", 2, ["it is set by giving the", "name of the first", "thing that comes. And then"]],
  [
    "two lines at most",
    2,
    ["a very long one that", "goes on and on and", "on and on and on", "ends."],
  ],
  ["a paragraph", 1, ["a list of things that", "are there and not here", "", "next paragraph"]],
  ["an item of a list", 0, ["- one of the things here", "- another thing that follows"]],
  ["a heading", 0, ["some words without an end", "## Next", "words"]],
  ["a comment", 1, [" * Starts the threads that do", " * the work.", " */", "code"]],
  ["a comment of number signs", 1, ["# starts the threads that do", "# the work.", "code"]],
  ["the end of a comment", 0, [" * Starts the threads that do", " */"]],
  ["code", 0, ["const first = await open(path, flags)", "return first", "}"]],
  ["a sentence that has ended", 0, ["that is all there is to (it).", "Another sentence"]],
])("%s: %d more lines are shown", (_, more, lines) => {
  expect(linesToSentenceEnd(lines, 0, 2)).toBe(more);
});

/** A model of animals and colours: a text's vector counts the words of both kinds. */
const kinds = [/cat|dog|horse/g, /red|green|blue/g];

function session(seen: string[]): Pick<Session, "model" | "backend"> {
  const vectorOf = (text: string) =>
    Float32Array.from(kinds.map((kind) => text.match(kind)?.length ?? 0));
  const encode = (text: string): Encoding =>
    /\w/.test(text)
      ? { inputIds: Int32Array.of(seen.push(text) - 1) }
      : { inputIds: new Int32Array(0) };
  const backend: Partial<EmbedBackend> = {
    dim: 2,
    maxTokens: 64,
    maxBatch: 256,
    maxBatchTokens: 64,
    maxInFlight: 1,
    embedBatch: async (encodings) =>
      encodings.map(({ inputIds }) => {
        const [id] = Array.from(inputIds);
        if (id === undefined) throw new Error("a text has no tokens");
        return vectorOf(seen[id] ?? "");
      }),
  };
  const tokenizer: Partial<Tokenizer> = { encode };
  return { backend, model: { tokenizer } } as unknown as Pick<Session, "model" | "backend">;
}

const options = {
  queryVector: Float32Array.of(1, 0),
  prompt: "",
  signal: new AbortController().signal,
};

test("lines with the meaning of the query are shown, whatever their words", async () => {
  const text = ["red", "green", "blue", "a dog", "a horse", "runs", "blue", "red"].join("\n");
  const lines = await closestLines({ text, from: 5 }, session([]), options);
  expect(numbers(lines)).toEqual([7, 8, 9, 10]);
});

test("of equally close lines the first are shown, and a short chunk is not embedded again", async () => {
  const twice = "cat\ncat\ncat\ncat\ncat\ncat";
  expect(numbers(await closestLines({ text: twice, from: 1 }, session([]), options))).toEqual([
    1, 2, 3, 4,
  ]);
  const seen: string[] = [];
  const short = await closestLines({ text: "red\n\nblue", from: 3 }, session(seen), options);
  expect(numbers(short)).toEqual([3, 4, 5]);
  expect(seen).toEqual([]);
});

test("lines without tokens are skipped, and the first lines are shown when none has tokens", async () => {
  const invisible = Array.from({ length: 6 }, () => "\u200b");
  const text = [...invisible, "red", "a dog"].join("\n");
  const lines = await closestLines({ text, from: 1 }, session([]), options);
  expect(numbers(lines)).toEqual([5, 6, 7, 8]);
  const none = { text: invisible.join("\n"), from: 1 };
  expect(numbers(await closestLines(none, session([]), options))).toEqual([1, 2, 3, 4]);
});

test("a sentence that continues below the closest lines is shown to its end", async () => {
  const text = [
    "red",
    "green",
    "The dog, a cat and a horse are",
    "three animals, a dog again, whose",
    "number can be a cat, or changed",
    "at startup time by setting the",
    "UV_THREADPOOL_SIZE environment variable (the absolute maximum is 1024). It is",
    "blue",
  ].join("\n");
  const lines = await closestLines({ text, from: 11 }, session([]), options);
  expect(numbers(lines)).toEqual([13, 14, 15, 16, 17]);
});
