import { classicBert } from "@ripvec/arch-classic-bert";
import { DeviceError, GenericBackend } from "@ripvec/core";
import { cpu } from "@ripvec/driver-cpu";
import { openModel } from "@ripvec/hub";
import { directory } from "@ripvec/model-all-minilm-l6-v2";
import { beforeEach, describe, expect, test } from "vitest";
import { Engine } from "../src/engine/engine.js";
import type { OpenSession, Session } from "../src/engine/session.js";
import type { ModelChoice, Report, Request } from "../src/protocol.js";
import { madeModel } from "./made-model.js";

const texts = [
  { name: "whales.txt", text: "Whales sing to each other across the ocean." },
  { name: "bread.txt", text: "Bake the bread until its crust is brown." },
  { name: "train.txt", text: "The last train leaves the station at midnight." },
];

const choice: ModelChoice = { name: "made", place: await madeModel(texts.map(({ text }) => text)) };
const builtIn: ModelChoice = { name: "built in", place: directory };

/** The same as the page's own, on the CPU. */
const openSession: OpenSession = async (wanted, { signal, onFiles }) => {
  const model = await openModel(wanted.place);
  onFiles();
  const driver = await cpu({ threads: 1 });
  const { device } = driver.capabilities;
  const backend = await GenericBackend.create({
    driver,
    arch: classicBert,
    model,
    dtype: wanted.weights,
    maxBatchTokens: 256,
  });
  signal.throwIfAborted();
  const { dim, maxTokens, weightDtype: weights } = backend;
  const facts = { name: wanted.name, device, weights, dim, maxTokens };
  return { facts, backend, tokenizer: model.tokenizer, prompts: { query: "", text: "" } };
};

let reports: Report[];
let engine: Engine;
let session: Session | undefined;

beforeEach(() => {
  begin(openSession);
  return () => session?.backend.close();
});

function begin(open: OpenSession): void {
  reports = [];
  engine = new Engine(
    async (...args) => {
      session = await open(...args);
      return session;
    },
    (report) => reports.push(report),
  );
}

const ask = (...requests: Request[]) => {
  for (const request of requests) engine.handle(request);
};
const load: Request = { kind: "load", ...choice };
const all = <K extends Report["kind"]>(kind: K) =>
  reports.filter((report): report is Extract<Report, { kind: K }> => report.kind === kind);
const names = () => all("chunks").flatMap(({ chunks }) => chunks.map(({ name }) => name));
const kinds = () => reports.map(({ kind }) => kind);

/** Waits until all jobs are done, including those that jobs began, and the query is answered. */
async function settled(): Promise<void> {
  for (let before: unknown; before !== engine.idle(); ) {
    before = engine.idle();
    await before;
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
}

/** Enough different paragraphs to fill many batches. */
const longText = (paragraphs: number) =>
  Array.from(
    { length: paragraphs },
    (_, i) => `${"Lorem ipsum dolor sit amet ".repeat(16)}${i}.`,
  ).join("\n\n");

describe("Engine", () => {
  test("loads, indexes, finds and places texts", async () => {
    ask(load, { kind: "add", texts }, { kind: "search", query: "train station" });
    await settled();
    expect(all("ready")[0]?.facts).toMatchObject({ name: "made", dim: 64, weights: "f32" });
    expect(names()).toEqual(["whales.txt", "bread.txt", "train.txt"]);
    const [found] = all("hits").slice(-1);
    expect(found).toMatchObject({ query: "train station", compared: 3 });
    expect(found?.hits.map(({ chunk }) => chunk)[0]).toBe(2);
    expect(all("map").at(-1)?.points).toHaveLength(6);
    expect(all("indexed")[0]?.progress).toMatchObject({ chunks: 3, fraction: 1 });
  });

  test("finds by meaning with the built-in model", async () => {
    ask({ kind: "load", ...builtIn }, { kind: "add", texts });
    await settled();
    expect(all("ready")[0]?.facts).toMatchObject({ dim: 384, weights: "i8" });
    ask({ kind: "search", query: "music of sea mammals" });
    await until(() => all("hits").length > 0);
    expect(all("hits")[0]?.hits.map(({ chunk }) => chunk)[0]).toBe(0);
  });

  test("indexes texts that were added before a model was loaded", async () => {
    ask({ kind: "add", texts });
    await settled();
    expect(kinds()).toEqual([]);
    ask(load);
    await settled();
    expect(names()).toHaveLength(3);
  });

  test("indexes all texts again with a model that is loaded later", async () => {
    ask(load, { kind: "add", texts });
    await settled();
    reports.length = 0;
    ask(load);
    await settled();
    expect(kinds()[0]).toBe("reset");
    expect(names()).toHaveLength(3);
  });

  test("finds chunks while indexing continues, and shows its progress", async () => {
    ask(load);
    await settled();
    ask({ kind: "add", texts }, { kind: "search", query: "whales" });
    ask({ kind: "add", texts: [{ name: "long.txt", text: longText(400) }] });
    await settled();
    const answered = reports.findIndex(({ kind }) => kind === "hits");
    expect(answered).toBeLessThan(kinds().indexOf("indexed"));
    const fractions = all("progress").map(({ progress }) => progress.fraction);
    expect(fractions.length).toBeGreaterThan(2);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(all("hits").at(-1)?.hits[0]?.chunk).toBe(0);
    expect(all("map").at(-1)?.points).toHaveLength(names().length * 2);
  });

  test("cancels, keeps the indexed chunks, and drops the rest", async () => {
    ask(load);
    await settled();
    ask({ kind: "add", texts: [{ name: "long.txt", text: longText(3000) }, ...texts] });
    await until(() => all("chunks").length > 1);
    ask({ kind: "cancel" });
    await settled();
    expect(all("cancelled")).toEqual([{ kind: "cancelled", what: "index" }]);
    expect(all("indexed")).toEqual([]);
    expect(new Set(names())).toEqual(new Set(["long.txt"]));
    expect(all("map").at(-1)?.points).toHaveLength(names().length * 2);
    ask({ kind: "add", texts });
    await settled();
    expect(names().slice(-3)).toEqual(["whales.txt", "bread.txt", "train.txt"]);
  });

  test("accepts texts that are added while a cancelled indexing is still ending", async () => {
    ask(load);
    await settled();
    ask({ kind: "add", texts: [{ name: "long.txt", text: longText(3000) }, ...texts.slice(1)] });
    await until(() => all("chunks").length > 1);
    ask({ kind: "cancel" }, { kind: "add", texts: texts.slice(0, 1) });
    await settled();
    expect(names().at(-1)).toBe("whales.txt");
    expect(new Set(names())).toEqual(new Set(["long.txt", "whales.txt"]));
  });

  test("has only reported chunks in its hits", async () => {
    ask(load, { kind: "add", texts: [{ name: "long.txt", text: longText(400) }] });
    await until(() => all("chunks").length > 0);
    for (let query = 0; all("indexed").length === 0; query++) {
      ask({ kind: "search", query: `${query} dolor` });
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    await settled();
    expect(all("hits").length).toBeGreaterThan(3);
    let shown = 0;
    for (const report of reports) {
      if (report.kind === "chunks") shown += report.chunks.length;
      if (report.kind !== "hits") continue;
      expect(report.compared).toBe(shown);
      expect(Math.max(...report.hits.map(({ chunk }) => chunk))).toBeLessThan(shown);
    }
  });

  test("cancels the loading of a model", async () => {
    begin(async (_, { signal }) => {
      await new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
      throw new Error("not reached");
    });
    ask(load);
    await until(() => kinds().includes("reset"));
    ask({ kind: "cancel" });
    await settled();
    expect(kinds()).toEqual(["reset", "cancelled"]);
  });

  test("keeps texts that wait for a model whose loading is cancelled", async () => {
    let isFirst = true;
    begin(async (wanted, options) => {
      if (!isFirst) return openSession(wanted, options);
      isFirst = false;
      return new Promise((_resolve, reject) => {
        options.signal.addEventListener("abort", () => reject(options.signal.reason));
      });
    });
    ask(load, { kind: "add", texts });
    await until(() => kinds().includes("reset"));
    ask({ kind: "cancel" });
    await settled();
    expect(all("cancelled")).toEqual([{ kind: "cancelled", what: "load" }]);
    ask(load);
    await settled();
    expect(names()).toHaveLength(3);
  });

  test("answers the latest query and drops the earlier ones", async () => {
    ask(load, { kind: "add", texts });
    await settled();
    reports.length = 0;
    const queries = ["w", "wh", "whales", "bread crust", "bread"];
    ask(...queries.map((query): Request => ({ kind: "search", query })));
    await settled();
    expect(all("hits").map(({ query }) => query)).toEqual(["bread"]);
    expect(all("hits")[0]?.hits[0]?.chunk).toBe(1);
    ask({ kind: "search", query: "whales" }, { kind: "search", query: "  " });
    await settled();
    expect(all("hits")).toHaveLength(1);
  });

  test("removes all texts in the middle of indexing, and continues with new ones", async () => {
    ask(load);
    await settled();
    ask({ kind: "add", texts: [{ name: "long.txt", text: longText(3000) }] });
    await until(() => all("chunks").length > 0);
    ask({ kind: "clear" }, { kind: "add", texts });
    await settled();
    const reset = kinds().lastIndexOf("reset");
    const after = reports
      .slice(reset)
      .flatMap((report) => (report.kind === "chunks" ? report.chunks : []));
    expect(after.map(({ name }) => name)).toEqual(["whales.txt", "bread.txt", "train.txt"]);
    expect(all("cancelled")).toEqual([]);
  });

  test("describes a failure, and works again after another loading", async () => {
    let isBroken = true;
    begin(async (wanted, options) => {
      const opened = await openSession(wanted, options);
      const { backend } = opened;
      const embedBatch: typeof backend.embedBatch = (...args) =>
        isBroken
          ? Promise.reject(new DeviceError("webgpu", "the device was lost (unknown)."))
          : backend.embedBatch(...args);
      const wrapped = Object.create(backend, {
        ...Object.fromEntries(
          ["dim", "maxTokens", "maxInFlight", "maxBatch", "maxBatchTokens", "isGpu"].map((name) => [
            name,
            { value: backend[name as "dim"] },
          ]),
        ),
        embedBatch: { value: embedBatch },
        close: { value: () => backend.close() },
      });
      return { ...opened, backend: wrapped };
    });
    ask(load, { kind: "add", texts });
    await settled();
    expect(all("failed")).toMatchObject([
      { what: "index", problem: { title: expect.stringContaining("took the GPU away") } },
    ]);
    isBroken = false;
    ask(load);
    await settled();
    expect(names()).toHaveLength(3);
  });

  test("names a model that cannot be opened, and accepts another", async () => {
    ask({ ...load, place: "/nowhere/at/all" }, { kind: "add", texts });
    await settled();
    expect(all("failed")).toMatchObject([{ what: "load" }]);
    ask(load);
    await settled();
    expect(names()).toHaveLength(3);
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}
