import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ArgumentError, type Driver, isRipvecError } from "@ripvec/core";
import { makeModel, templateDriver } from "@ripvec/driver-testkit";
import { writeModel } from "@ripvec/driver-testkit/node";
import { expect, test } from "vitest";
import { main } from "../src/cli.js";
import { defaultModel } from "../src/default-model.js";
import { createEmbedder } from "../src/index.js";
import { fakeIo } from "./support/fake-io.js";
import { tempFolder } from "./support/temp-folder.js";
import { testModel } from "./support/test-model.js";

const texts = ["how are words put together", "hello", "a longer text about rivers and towns"];

interface Row {
  readonly embedding: number[];
}

/** The vectors that the command prints, exactly. */
async function vectorsOfCommand(argv: readonly string[]): Promise<Float32Array[]> {
  const io = fakeIo();
  expect([await main(["embed", ...argv], io), io.err().replace(/^note: .*\n/gm, "")]).toEqual([
    0,
    "",
  ]);
  const lines = io.out().trim().split("\n");
  return lines.map((line) => Float32Array.from((JSON.parse(line) as Row).embedding));
}

/** Every setting that the embedder may differ in, in a folder of its own. */
async function modelWithSettings(settings: object): Promise<string> {
  const folder = tempFolder();
  await writeModel(
    folder,
    makeModel({
      family: "bert",
      seed: 5,
      layers: 1,
      hidden: 16,
      heads: 2,
      intermediate: 32,
      vocabSize: 300,
      maxPositions: 64,
      normalize: true,
    }),
  );
  writeFileSync(join(folder, "config_sentence_transformers.json"), JSON.stringify(settings));
  return folder;
}

test("the built-in model gives the vectors that sentence-transformers computed", async () => {
  await using embedder = await createEmbedder(undefined, { dtype: "f32" });
  const golden: readonly { text: string; embedding: number[] }[] = JSON.parse(
    readFileSync(defaultModel.goldenFile, "utf8"),
  );
  const vectors = await embedder.embed(golden.map(({ text }) => text));
  expect(vectors).toHaveLength(6);
  // Sums in another order change a number by up to 2e-7; the tanh form of GELU by 4e-4.
  golden.forEach(({ embedding }, row) => {
    const vector = vectors[row] ?? new Float32Array();
    const differences = embedding.map((value, i) => Math.abs(value - (vector[i] ?? Number.NaN)));
    expect(Math.max(...differences)).toBeLessThan(2e-6);
  });
});

test("the facts say what was chosen, and vectors have the bits that the command prints", async () => {
  await using embedder = await createEmbedder();
  expect(embedder).toMatchObject({
    driver: "cpu",
    arch: "classic-bert",
    model: "all-MiniLM-L6-v2 (built-in)",
    dimensions: 384,
    maxTokens: 256,
    dtype: "i8",
  });
  expect(embedder.device).toMatch(/thread/);
  expect(await embedder.fingerprint()).toMatch(/^v2\/classic-bert/);
  const vectors = await embedder.embed(texts);
  expect(vectors).toEqual(await vectorsOfCommand(texts));
  expect(await embedder.embed(texts[1] ?? "")).toEqual(vectors[1]);
  expect(await embedder.embed([])).toEqual([]);
});

test("options reach the backend as those of the command do", async () => {
  await using embedder = await createEmbedder(testModel, {
    driver: "cpu",
    arch: "classic-bert",
    threads: 1,
    pooling: "cls",
    dimensions: 8,
    renormalize: false,
    dtype: "bf16",
    maxTokens: 16,
  });
  expect(embedder).toMatchObject({ model: testModel, dimensions: 8, maxTokens: 16, dtype: "bf16" });
  expect(embedder.device).toMatch(/1 thread\b/);
  const argv = ["--model", testModel, "--pooling", "cls", "--dimensions", "8", "--no-renormalize"];
  expect(await embedder.embed(texts)).toEqual(
    await vectorsOfCommand([...texts, ...argv, "--dtype", "bf16", "--max-tokens", "16"]),
  );
});

test("the model's prompts are put before queries, documents and other texts", async () => {
  const prompts = { query: "find: ", document: "the text: ", other: "other: " };
  const folder = await modelWithSettings({ prompts, default_prompt_name: "other" });
  await using embedder = await createEmbedder(folder);
  await using plain = await createEmbedder(await modelWithSettings({}));
  expect(await embedder.embedQuery("hello")).toEqual(await plain.embed("find: hello"));
  expect(await embedder.embedDocuments(["hello", "a"])).toEqual(
    await plain.embed(["the text: hello", "the text: a"]),
  );
  expect(await embedder.embed("hello")).toEqual(await plain.embed("other: hello"));
  expect(await embedder.embed("hello", { inputType: "query" })).toEqual(
    await embedder.embedQuery("hello"),
  );
  expect(await plain.embedQuery("hello")).toEqual(await plain.embed("hello"));
  // @ts-expect-error: the types refuse it.
  const wrong = embedder.embed("hello", { inputType: "passage" });
  await expect(wrong).rejects.toThrow('inputType must be "query" or "document", got "passage"');
  const none = embedder.embed("a", null as never);
  await expect(none).rejects.toThrow("options must be an object, got null");
});

test("methods need no `this`", async () => {
  const { embedQuery, embed, similarity, close, stream } = await createEmbedder(testModel);
  const vectors = await Promise.all(texts.map(embedQuery));
  expect(vectors).toEqual(await embed(texts));
  expect(similarity(vectors[0] ?? [], vectors[0] ?? [])).toBeCloseTo(1, 6);
  for await (const { embedding } of stream(texts)) expect(embedding).toHaveLength(32);
  await close();
});

test("stream yields in order, reads ahead by a bounded number of texts, and closes its source", async () => {
  await using embedder = await createEmbedder(testModel, { maxBatch: 4, maxBatchTokens: 64 });
  let [given, closed] = [0, false];
  async function* endless() {
    try {
      for (;;) yield "word ".repeat((given++ % 9) + 1);
    } finally {
      closed = true;
    }
  }
  const indices: number[] = [];
  let ahead = 0;
  for await (const { index, text, embedding } of embedder.stream(endless())) {
    expect(text).toBe("word ".repeat((index % 9) + 1));
    expect(embedding).toHaveLength(embedder.dimensions);
    indices.push(index);
    ahead = Math.max(ahead, given - index);
    if (index === 999) break;
  }
  expect(indices).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  expect(closed).toBe(true);
  expect(ahead).toBeLessThan(200);
});

test("a text above the limit is cut and reported, or refused", async () => {
  await using embedder = await createEmbedder(testModel, { maxTokens: 8 });
  const long = "word ".repeat(50);
  for await (const row of embedder.stream([long])) {
    expect(row).toMatchObject({ truncated: true, tokens: 8 });
  }
  await expect(embedder.embed(long, { overflow: "error" })).rejects.toMatchObject({
    code: "TOO_LONG",
  });
});

test("similarity is the measure in the model's files, else the cosine", async () => {
  const [a, b] = [
    [3, 4],
    [4, 3],
  ];
  // By hand: 24 / 25; 24; √2; 2.
  const cases = [
    [{}, 0.96],
    [{ similarity_fn_name: "cosine" }, 0.96],
    [{ similarity_fn_name: "dot" }, 24],
    [{ similarity_fn_name: "euclidean" }, -Math.SQRT2],
    [{ similarity_fn_name: "manhattan" }, -2],
  ] as const;
  for (const [settings, expected] of cases) {
    await using embedder = await createEmbedder(await modelWithSettings(settings));
    expect(embedder.similarity(a, b)).toBeCloseTo(expected, 12);
    expect(() => embedder.similarity([1], [1, 2])).toThrow(/one length, got 1 and 2 numbers/);
  }
  await using odd = await createEmbedder(await modelWithSettings({ similarity_fn_name: "l7" }));
  expect(() => odd.similarity(a, b)).toThrow(
    'unsupported similarity_fn_name "l7"; supported: cosine',
  );
});

test("after close, calls are refused by name", async () => {
  const embedder = await createEmbedder(testModel);
  await embedder.close();
  await embedder.close();
  await expect(embedder.embed("a")).rejects.toMatchObject({ code: "CLOSED" });
});

test("an abort stops a call and an opening with the signal's reason", async () => {
  await using embedder = await createEmbedder(testModel);
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(embedder.embed(texts, { signal })).rejects.toThrow("enough");
  await expect(createEmbedder(testModel, { signal })).rejects.toThrow("enough");
});

test.each([
  [{}, "options are the second argument"],
  [5, "must be a directory or a Hugging Face id, got number"],
])("a model %j is refused", async (model, message) => {
  await expect(createEmbedder(model as never)).rejects.toThrow(message);
});

test("a wrong text is refused with its index", async () => {
  await using embedder = await createEmbedder(testModel);
  await expect(embedder.embed(["a", 5 as never])).rejects.toMatchObject({
    code: "INPUT",
    index: 1,
  });
  await expect(embedder.embed(5 as never)).rejects.toThrow(/texts must be a string or an array/);
});

/** A driver that counts the weights it holds. */
function countingDriver(): { driver: Driver; weights: Set<unknown> } {
  const driver = templateDriver();
  const weights = new Set<unknown>();
  const createTensor = driver.createTensor.bind(driver);
  const releaseTensor = driver.releaseTensor.bind(driver);
  driver.createTensor = (...args) => {
    const weight = createTensor(...args);
    weights.add(weight);
    return weight;
  };
  driver.releaseTensor = (weight) => {
    weights.delete(weight);
    releaseTensor(weight);
  };
  return { driver, weights };
}

test("an open driver serves two embedders, stays open, and holds no weight of a closed one", async () => {
  const { driver, weights } = countingDriver();
  const first = await createEmbedder(testModel, { driver });
  const held = weights.size;
  const second = await createEmbedder(testModel, { driver, pooling: "cls" });
  expect([first.driver, held > 10, weights.size]).toEqual(["template", true, 2 * held]);
  await first.close();
  expect([weights.size, driver.closed]).toEqual([held, false]);
  expect(await second.embed("hello")).toHaveLength(32);
  await second.close();
  expect([weights.size, driver.closed]).toEqual([0, false]);
  await driver.close();
});

test("closing an open driver before its embedder is harmless", async () => {
  const { driver } = countingDriver();
  const embedder = await createEmbedder(testModel, { driver });
  await driver.close();
  await expect(embedder.embed("a")).rejects.toMatchObject({ code: "CLOSED" });
  await embedder.close();
});

test("a model that cannot be loaded leaves nothing on the driver", async () => {
  const { driver, weights } = countingDriver();
  const broken = createEmbedder(testModel, { driver, dimensions: 10_000 });
  await expect(broken).rejects.toMatchObject({ code: "INPUT" });
  expect([weights.size, driver.closed]).toEqual([0, false]);

  const opened: Driver[] = [];
  const open = async () => {
    const driver = templateDriver();
    opened.push(driver);
    return driver;
  };
  await expect(createEmbedder(testModel, { driver: open, dimensions: 10_000 })).rejects.toThrow();
  expect(opened.map(({ closed }) => closed)).toEqual([true]);
  await expect(createEmbedder(join(testModel, "none"), { driver: open })).rejects.toSatisfy(
    isRipvecError,
  );
  expect(opened.map(({ closed }) => closed)).toEqual([true, true]);
});

test("a driver that a function opens is closed with the embedder", async () => {
  const driver = templateDriver();
  const embedder = await createEmbedder(testModel, { driver: async () => driver });
  await embedder.close();
  expect(driver.closed).toBe(true);
});

test("what is no vector, no list of texts and no model is refused", async () => {
  await using embedder = await createEmbedder(testModel);
  const vector = await embedder.embed("a");
  for (const wrong of [undefined, null, "a", 5, [], [vector], {}, new Float32Array()]) {
    expect(() => embedder.similarity(vector, wrong as Float32Array)).toThrow(
      /^similarity: b must be a Float32Array/,
    );
  }
  expect(() => embedder.similarity(vector, vector.subarray(1))).toThrow(/of one length/);
  expect(embedder.similarity([...vector], vector)).toBeCloseTo(1, 5);
  const documents = embedder.embedDocuments("q" as unknown as string[]);
  await expect(documents).rejects.toThrow("texts must be an array of strings, got a string");
  await expect(embedder.embed(null as unknown as string)).rejects.toThrow("got null");
  await expect(createEmbedder("")).rejects.toThrow('got ""');
});

test.each([
  [{ device: "gpu" }, "device is no option; the options are driver, arch, threads"],
  [{ constructor: 1 }, "constructor is no option"],
  [{ normalize: "yes" }, "normalize must be a boolean, got a string"],
  [{ offline: "no" }, "offline must be a boolean, got a string"],
  [{ cacheDir: 5 }, "cacheDir must be a string, got a number"],
  [{ onProgress: 1 }, "onProgress must be a function, got a number"],
  [{ signal: 5 }, "signal must be an AbortSignal, got a number"],
  [{ timeouts: null }, "timeouts must be an object, got null"],
])("the options %j are refused", async (options, message) => {
  const opening = createEmbedder(testModel, options as unknown as object);
  await expect(opening).rejects.toThrow(ArgumentError);
  await expect(opening).rejects.toThrow(message);
});

test.each([[null], ["f32"], [5]])("options %j are refused", async (options) => {
  const opening = createEmbedder(testModel, options as unknown as object);
  await expect(opening).rejects.toMatchObject({ code: "ARGUMENT" });
});
