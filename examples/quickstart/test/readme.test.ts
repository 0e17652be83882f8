import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { makeModel } from "@ripvec/driver-testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HubServer } from "../../../packages/hub/test/hub-server.js";

const execute = promisify(execFile);
const here = fileURLToPath(new URL("..", import.meta.url));
const root = join(here, "../..");
const id = "BAAI/bge-small-en-v1.5";

let hub: HubServer;
let cache: string;

/** A local hub that serves a tiny model under the real one's id. */
beforeAll(async () => {
  hub = await HubServer.start();
  const made = makeModel({
    family: "bert",
    seed: 1,
    layers: 2,
    hidden: 32,
    heads: 4,
    intermediate: 64,
    vocabSize: 400,
    maxPositions: 64,
    pooling: "cls",
    normalize: true,
  });
  hub.push(id, Object.fromEntries(made.files));
  cache = await mkdtemp(join(tmpdir(), "ripvec-quickstart-"));
});

afterAll(async () => {
  await hub.stop();
  await rm(cache, { recursive: true, force: true });
});

/** Runs the built packages as an application does: by their names, in a separate process. */
async function runScript(path: string): Promise<string> {
  const env = { ...process.env, HF_ENDPOINT: hub.url, RIPVEC_CACHE: cache };
  const { stdout, stderr } = await execute(process.execPath, [path], { cwd: here, env });
  expect(stderr).toBe("");
  return stdout;
}

async function runSource(name: string, source: string): Promise<string> {
  const path = join(here, name);
  await writeFile(path, source);
  try {
    return await runScript(path);
  } finally {
    await rm(path);
  }
}

const pages = ["README.md", "apps/cli/README.md", "docs/guides/compose-your-own.md"];

/** The JavaScript of the pages, with the lines where it begins. */
function blocksOf(page: string): [place: string, source: string][] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^```js\n([\s\S]+?)^```/gm)].map(({ 1: source = "", index }) => {
    const line = text.slice(0, index).split("\n").length + 1;
    return [`${page}:${line}`, source];
  });
}

/** What blocks print, by a text that they contain. The made model has vectors of 32 numbers. */
const outputs: readonly (readonly [part: string, output: RegExp])[] = [
  [`console.log(text, tokens, embedding.length)`, /^hello \d+ 32\nworld \d+ 32\n$/],
  ["console.log(embedder.similarity(", /^0\.[2-9]\d Retries .*\n-?0\.[01]\d The weather .*\n$/],
  ["embedder.stream(", /^0 a first line 5 false 384\n1 a second line 5 false 384\n$/],
  ["console.log(embedder.model,", /^all-MiniLM-L6-v2 \(built-in\) on cpu .* 384\n$/],
];

test.each(pages.flatMap(blocksOf))("the code at %s runs as it is pasted", async (_, source) => {
  const output = await runSource("pasted.mjs", source);
  const expected = outputs.find(([part]) => source.includes(part))?.[1] ?? /^$/;
  expect(output).toMatch(expected);
});

test("the three lines of the README give two vectors of the model that they name", async () => {
  const [[, source] = ["", ""]] = blocksOf("README.md");
  expect(source.trim().split("\n").filter(Boolean)).toHaveLength(3);
  expect(source).toContain(id);
  const line = "console.log(hello.length, world.length, embedder.model);";
  expect(await runSource("pasted.mjs", `${source}${line}`)).toBe(`32 32 ${id}\n`);
});

test("in the quickstart, a text is most similar to itself", async () => {
  const lines = (await runScript(join(here, "quickstart.mjs"))).trim().split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^1\.000 How do I/);
});

test("CommonJS can require every package", async () => {
  const names = ["core", "driver-cpu", "arch-classic-bert", "hub"];
  const source = names
    .map((name) => `console.log(Object.keys(require("@ripvec/${name}")).length > 0);`)
    .join("\n");
  const call = `require("@ripvec/driver-cpu").cpu().then(async (driver) => { console.log(driver.name); await driver.close(); });`;
  const output = await runSource("required.cjs", `${source}\n${call}`);
  expect(output).toBe(`${"true\n".repeat(names.length)}cpu\n`);
});

test("CommonJS gets the vectors that ES modules get", async () => {
  const print = `.then(async (embedder) => {
    console.log(String(await embedder.embed("hello")));
    await embedder.close();
  });`;
  const required = `require("ripvec").createEmbedder()${print}`;
  const imported = `import { createEmbedder } from "ripvec"; createEmbedder()${print}`;
  const output = await runSource("required.cjs", required);
  expect(output.split(",")).toHaveLength(384);
  expect(output).toBe(await runSource("imported.mjs", imported));
});
