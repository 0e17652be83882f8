import { type Encoding, InputError, TooLongError } from "@ripvec/core";
import { expect, test } from "vitest";
import { encoding, toyBackend } from "../support/backend.js";
import { expectedVector, maxTokens, vocabSize } from "../support/toy-model.js";

const good = encoding(1, 2);
const bad = (value: unknown) => value as Encoding;

test.each([
  ["an id outside the vocabulary", encoding(0, vocabSize), /inputIds\[1\].*below 100, got 100/],
  ["a negative id", encoding(-1), /inputIds\[0\]/],
  ["a fractional id", encoding(1.5), /inputIds\[0\].*1\.5/],
  ["NaN as id", encoding(Number.NaN), /inputIds\[0\]/],
  ["bigint ids", bad({ inputIds: [1n] }), /inputIds\[0\]/],
  ["no ids", bad({}), /inputIds must be an array/],
  ["ids of text", bad({ inputIds: "12" }), /inputIds must be an array/],
  ["null", bad(null), /inputIds must be an array/],
  ["a negative length", bad({ inputIds: { length: -1 } }), /inputIds must be an array/],
  ["an endless length", bad({ inputIds: { length: 2 ** 53 } }), /inputIds must be an array/],
  [
    "a mask of negative length",
    bad({ inputIds: [], attentionMask: { length: -1 } }),
    /attentionMask must be/,
  ],
  ["a symbol as id", bad({ inputIds: [Symbol("x")] }), /inputIds\[0\].*got Symbol\(x\)/],
  ["an object as id", bad({ inputIds: [Object.create(null)] }), /inputIds\[0\].*got an object/],
  ["null as mask", bad({ inputIds: [1], attentionMask: null }), /attentionMask must be/],
  [
    "a short mask",
    { inputIds: [1, 2], attentionMask: [1] },
    /attentionMask must have 2 elements, as inputIds has, got 1/,
  ],
  [
    "a mask of 2",
    { inputIds: [1, 2], attentionMask: [1, 2] },
    /attentionMask\[1\] must be 0 or 1, got 2/,
  ],
  [
    "long types",
    { inputIds: [1], tokenTypeIds: [0, 0] },
    /tokenTypeIds must have 1 elements, as inputIds has, got 2/,
  ],
  [
    "types that the model lacks",
    { inputIds: [1], tokenTypeIds: [1] },
    /tokenTypeIds\[0\].*below 1, got 1/,
  ],
  ["no tokens", encoding(), /has no tokens/],
  ["masked tokens only", { inputIds: [1, 2], attentionMask: [0, 0] }, /has no tokens/],
])("refuses %s with its index, before any compute", async (_, wrong, message) => {
  const { backend, log } = await toyBackend();
  const call = backend.embedBatch([good, good, wrong]);
  await expect(call).rejects.toThrow(message);
  await expect(call).rejects.toBeInstanceOf(InputError);
  await expect(call).rejects.toMatchObject({ index: 2 });
  expect(log.passes).toEqual([]);
  await backend.close();
});

test.each([
  [-1, true, /promptTokens must be a whole number in 0 … 2, its number of tokens, got -1/],
  [1.5, true, /promptTokens/],
  [3, true, /promptTokens/],
  [2, false, /must have a token after its prompt/],
])(
  "refuses %s prompt tokens of 2, prompt pooled: %s",
  async (promptTokens, poolsPrompt, message) => {
    const { backend, log } = await toyBackend({ loaded: { poolsPrompt } });
    const masked = { inputIds: [9, 1, 2], attentionMask: [0, 1, 1], promptTokens };
    const call = backend.embedBatch([good, masked]);
    await expect(call).rejects.toThrow(message);
    await expect(call).rejects.toMatchObject({ code: "INPUT", index: 1 });
    expect(log.passes).toEqual([]);
  },
);

test("a text may consist of its prompt if prompts are pooled", async () => {
  const { backend } = await toyBackend();
  expect(await backend.embedBatch([{ inputIds: [1, 2], promptTokens: 2 }])).toHaveLength(1);
});

test("refuses encodings that are not an array", async () => {
  const { backend } = await toyBackend();
  await expect(backend.embedBatch(bad("abc") as never)).rejects.toThrow(InputError);
  await expect(backend.embedBatch(bad(undefined) as never)).rejects.toThrow(InputError);
  const sparse = new Array<Encoding>(2);
  await expect(backend.embedBatch(sparse)).rejects.toMatchObject({ index: 0 });
});

test("the limit counts real tokens", async () => {
  const { backend } = await toyBackend();
  const long = encoding(...new Array<number>(maxTokens + 1).fill(3));
  const call = backend.embedBatch([good, long]);
  await expect(call).rejects.toBeInstanceOf(TooLongError);
  await expect(call).rejects.toMatchObject({ index: 1, tokens: 17, maxTokens: 16 });
  const attentionMask = new Array<number>(maxTokens + 1).fill(1);
  attentionMask[3] = 0;
  const [vector] = await backend.embedBatch([{ ...long, attentionMask }]);
  expect(vector).toEqual(expectedVector([3]));
});

test("types below the model's number are accepted, and masked tokens are not checked", async () => {
  const { backend } = await toyBackend({ loaded: { tokenTypes: 2 } });
  const hidden = { inputIds: [5, 9999], attentionMask: [1, 0], tokenTypeIds: [1, 77] };
  expect(await backend.embedBatch([hidden])).toEqual([expectedVector([5])]);
});

test("a model without token types takes zeros", async () => {
  const { backend } = await toyBackend({ loaded: { tokenTypes: 0 } });
  const typed = { inputIds: [5], tokenTypeIds: [0] };
  expect(await backend.embedBatch([typed])).toEqual([expectedVector([5])]);
});

test("changing the arrays after the call has no effect", async () => {
  const { backend } = await toyBackend({ loaded: { tokenTypes: 2 } });
  const mine = { inputIds: [5, 6], attentionMask: [1, 1], tokenTypeIds: [0, 0], promptTokens: 1 };
  const call = backend.embedBatch([mine]);
  mine.inputIds.splice(0, 2, -1, 10 ** 9, 3);
  mine.attentionMask.fill(0);
  mine.tokenTypeIds.length = 0;
  mine.promptTokens = 99;
  expect(await call).toEqual([expectedVector([5, 6])]);
});

test("each element is read once", async () => {
  const { backend } = await toyBackend();
  let reads = 0;
  const inputIds = { length: 1 } as { length: number; 0: number };
  Object.defineProperty(inputIds, 0, { get: () => (reads++ === 0 ? 5 : -1) });
  expect(await backend.embedBatch([{ inputIds }])).toEqual([expectedVector([5])]);
  expect(reads).toBe(1);
});

test("encodings that throw when they are read reject only their call", async () => {
  const { backend } = await toyBackend();
  const thrown = new Error("no such id");
  const inputIds = Object.defineProperty({ length: 1 }, 0, {
    get: () => {
      throw thrown;
    },
  });
  const before = backend.embedBatch([good]);
  const wrong = backend.embedBatch([bad({ inputIds })]);
  const endless = backend.embedBatch([bad({ inputIds: { length: -1 } })]);
  const after = backend.embedBatch([good]);
  await expect(wrong).rejects.toBe(thrown);
  await expect(endless).rejects.toBeInstanceOf(InputError);
  expect([await before, await after]).toEqual([[expectedVector([1, 2])], [expectedVector([1, 2])]]);
});

test("a hundred million ids are refused without being read", async () => {
  const { backend } = await toyBackend();
  let reads = 0;
  const inputIds = new Proxy({ length: 10 ** 8 } as { length: number; [i: number]: number }, {
    get: (target, key) => (key === "length" ? target.length : reads++ && 1),
  });
  const call = backend.embedBatch([{ inputIds }]);
  await expect(call).rejects.toMatchObject({ code: "TOO_LONG", tokens: 10 ** 8 });
  expect(reads).toBe(0);
});
