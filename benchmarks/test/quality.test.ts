import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { beats, givesKnownFigure, keepsQuality } from "../src/quality/checks.js";
import { parseOptions } from "../src/quality/options.js";
import { prepare } from "../src/quality/prepared.js";
import { readRun } from "../src/quality/recorded-run.js";
import { formatResults } from "../src/quality/results.js";
import { type Score, score } from "../src/quality/score.js";
import { nearest } from "../src/quality/search.js";
import { mean, pairedInterval, standardError } from "../src/quality/statistics.js";
import { readYardstick } from "../src/quality/yardstick.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ripvec-quality-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const lines = (entries: readonly object[]) =>
  entries.map((each) => `${JSON.stringify(each)}\n`).join("");

function write(files: { corpus: object[]; queries: object[]; qrels: string[] }): void {
  writeFileSync(join(folder, "corpus.jsonl"), lines(files.corpus));
  writeFileSync(join(folder, "queries.jsonl"), lines(files.queries));
  writeFileSync(join(folder, "qrels.tsv"), `query\tdoc\trelevance\n${files.qrels.join("\n")}\n`);
}

describe("a yardstick", () => {
  const files = {
    corpus: [
      { _id: "a", title: "A title", text: "a text" },
      { id: "b", text: "no title" },
    ],
    queries: [
      { _id: "q", text: "a query" },
      { _id: "unjudged", text: "nobody knows" },
    ],
    qrels: ["q\ta\t2", "q\tb\t0"],
  };

  test("has titles before texts, and only queries with judgements", async () => {
    write(files);
    const { documents, queries, judgements } = await readYardstick("made", folder);
    expect(documents.map(({ text }) => text)).toEqual(["A title a text", "no title"]);
    expect(queries).toEqual([{ id: "q", text: "a query" }]);
    expect(judgements.get("q")).toEqual(
      new Map([
        ["a", 2],
        ["b", 0],
      ]),
    );
  });

  test("must contain the entries that it judges, and each id once", async () => {
    write({ ...files, qrels: ["q\tc\t1"] });
    await expect(readYardstick("made", folder)).rejects.toThrow("a document c that is missing");
    write({ ...files, qrels: ["p\ta\t1"] });
    await expect(readYardstick("made", folder)).rejects.toThrow("a query p that is missing");
    write({ ...files, corpus: [...files.corpus, { _id: "b", text: "again" }] });
    await expect(readYardstick("made", folder)).rejects.toThrow("corpus.jsonl has an id twice");
    write({ ...files, queries: [{ _id: "q" }] });
    await expect(readYardstick("made", folder)).rejects.toThrow("queries.jsonl has a line without");
  });

  test("scores a query without hits as 0 and reports the cost", async () => {
    write({ ...files, qrels: ["q\ta\t1", "unjudged\tb\t1"] });
    const yardstick = await readYardstick("made", folder);
    const hits = new Map([["q", [{ document: "a", score: 1 }]]]);
    expect(score("engine", yardstick, { hits, seconds: 2, tokens: 10 })).toMatchObject({
      ndcg: 0.5,
      mrr: 0.5,
      ndcgError: 0.5,
      tokensPerSecond: 5,
      truncated: null,
      ofQueries: [1, 0],
    });
  });
});

test("a recorded run has its seconds, then the hits of each query", async () => {
  const file = join(folder, "run.jsonl");
  const hits = [{ document: "a", score: 1.5 }];
  writeFileSync(file, lines([{ seconds: 3 }, { query: "q", hits }, { query: "none", hits: [] }]));
  expect(await readRun(file)).toEqual({
    seconds: 3,
    hits: new Map([
      ["q", hits],
      ["none", []],
    ]),
  });
});

test("the ten nearest have the greatest scalar products", () => {
  const documents = Array.from({ length: 12 }, (_, at) => ({ id: `d${at}`, text: "" }));
  const vectors = documents.map((_, at) => Float32Array.of(at % 7, 1));
  const [hits = []] = nearest([Float32Array.of(2, 1)], vectors, documents);
  expect(hits[0]).toEqual({ document: "d6", score: 13 });
  expect(hits.map(({ score }) => score)).toEqual([13, 11, 9, 9, 7, 7, 5, 5, 3, 3]);
});

describe("statistics", () => {
  test("the standard error is that of the mean", () => {
    expect(mean([1, 2, 3, 6])).toBe(3);
    expect(standardError([1, 2, 3, 6])).toBeCloseTo(Math.sqrt(14 / 3 / 4), 12);
  });

  test("for many queries, the interval of a mean is 1.96 standard errors to each side", () => {
    const values = Array.from({ length: 400 }, (_, at) => ((at * 37) % 101) / 100);
    const zero = values.map(() => 0);
    const { low, high } = pairedInterval(values, zero, (a, b) => a - b);
    const error = standardError(values);
    expect((mean(values) - low) / error).toBeCloseTo(1.96, 0);
    expect((high - mean(values)) / error).toBeCloseTo(1.96, 0);
  });

  test("queries are paired, so a constant difference has no noise", () => {
    const a = [0.1, 0.9, 0.5, 0.3];
    const { low, high } = pairedInterval(
      a,
      a.map((value) => value - 0.25),
      (x, y) => x - y,
    );
    expect(low).toBeCloseTo(0.25, 12);
    expect(high).toBeCloseTo(0.25, 12);
  });
});

describe("checks", () => {
  const made = (engine: string, yardstick: string, ndcg: number): Score => ({
    engine,
    yardstick,
    ndcg,
    ndcgError: 0,
    mrr: ndcg,
    seconds: 1,
    tokensPerSecond: null,
    truncated: null,
    ofQueries: [ndcg, ndcg],
  });
  const all = (engine: string, ...ndcgs: number[]) =>
    ndcgs.map((ndcg, at) => made(engine, ["one", "two", "three"][at] ?? "", ndcg));

  test("8 bits must keep 98 % on each yardstick", () => {
    const original = all("f32", 0.5, 0.8, 0.4);
    const kept = (...ndcgs: number[]) =>
      keepsQuality([...original, ...all("i8", ...ndcgs)], "i8", "f32");
    expect(kept(0.4901, 0.785, 0.393).outcome).toBe("holds");
    expect(kept(0.4899, 0.8, 0.4)).toMatchObject({ outcome: "fails" });
    expect(kept(0.4899, 0.8, 0.4).figures).toMatch(/^one 97.98 % .*, mean 99.41 %$/);
    expect(keepsQuality(original, "i8", "f32").outcome).toBe("not known");
  });

  test("two of three yardsticks must be won, which is known as soon as two are", () => {
    const against = (...ndcgs: number[]) =>
      beats([...all("bm25", 0.4, 0.5, 0.9), ...all("ours", ...ndcgs)], "ours", "bm25").outcome;
    expect(against(0.41, 0.51, 0.1)).toBe("holds");
    expect(against(0.41, 0.51)).toBe("holds");
    expect(against(0.41, 0.49, 0.9)).toBe("fails");
    expect(against(0.39, 0.49)).toBe("fails");
    expect(against(0.41, 0.49)).toBe("not known");
    expect(against()).toBe("not known");
  });

  test("BM25 must have its known figure on Cranfield", () => {
    expect(givesKnownFigure([made("bm25", "cranfield", 0.3689)]).outcome).toBe("holds");
    expect(givesKnownFigure([made("bm25", "cranfield", 0.388)]).outcome).toBe("fails");
    expect(givesKnownFigure([made("bm25", "debian", 0.9)]).outcome).toBe("not known");
  });
});

describe("options", () => {
  test("Cranfield's folder comes from its option, else from the environment", () => {
    const environment = { RIPVEC_CRANFIELD: "there" };
    expect(parseOptions([], environment).cranfield).toBe("there");
    expect(parseOptions(["--cranfield", "here"], environment).cranfield).toBe("here");
    expect(parseOptions([], { RIPVEC_CRANFIELD: "" }).cranfield).toBeUndefined();
  });

  test("the built-in model is the one that the CLI ships", () => {
    expect(existsSync(join(parseOptions([], {}).builtIn, "config.json"))).toBe(true);
  });

  test("unknown names are refused by name", () => {
    expect(() => parseOptions(["--yardsticks", "debian,moon"], {})).toThrow(
      "no yardstick moon: expected one of cranfield",
    );
    expect(() => parseOptions(["--dtypes", "i4"], {})).toThrow("no dtype i4: expected one of f32");
    expect(() => parseOptions(["--threads", "0"], {})).toThrow("--threads must be a whole number");
  });
});

test("a named original is used without a download", async () => {
  // Without a Python on the path, nothing can be prepared or fetched.
  vi.stubEnv("PATH", folder);
  vi.stubEnv("RIPVEC_REFERENCE_CACHE", join(folder, "cache"));
  try {
    const leftOut = async (original: string | undefined) => {
      const prepared = await prepare([], { cranfield: undefined, original });
      expect(prepared.original).toBe(original ?? null);
      return prepared.leftOut.map(({ name }) => name);
    };
    expect(await leftOut(undefined)).toEqual(["bm25", "original"]);
    expect(await leftOut("a folder")).toEqual(["bm25"]);
  } finally {
    vi.unstubAllEnvs();
  }
});

test("results are Markdown with the sources left out and the result of each check", () => {
  const machine = {
    date: "2030-01-01",
    cpu: "a CPU",
    platform: "linux x64",
    threads: 2,
    memoryBytes: 1,
    node: "v20",
    instructionSet: "avx2",
    peakGflops: null,
    peers: {},
  };
  const text = formatResults({
    machine,
    leftOut: [{ name: "debian", why: "apt-get is not installed" }],
    yardsticks: [{ name: "made", documents: 3, queries: 2, sha256: "00ff", asRecorded: false }],
    models: [{ engine: "built-in", weightBytes: 22_900_000 }],
    scores: [
      {
        yardstick: "made",
        engine: "bm25",
        ndcg: 0.36891,
        ndcgError: 0.02,
        mrr: 0.5,
        seconds: 0.25,
        tokensPerSecond: null,
        truncated: null,
      },
    ],
    checks: [{ name: "it is good", outcome: "fails", figures: "made 97.00 %" }],
  });
  expect(text.split("\n")).toEqual(
    expect.arrayContaining([
      "* left out: debian: apt-get is not installed",
      "| made | 3 | 2 | 00ff | no |",
      "| built-in | 22.9 |",
      "| made | bm25 | 0.3689 | 0.0200 | 0.5000 | 0.3 | – | – |",
      "* fails: it is good: made 97.00 %",
    ]),
  );
});
