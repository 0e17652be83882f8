import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
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

test("the README's code runs unchanged", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const snippet = /```js\n([\s\S]+?)```/.exec(readme)?.[1];
  expect(snippet).toContain(id);
  const output = await runSource("readme-snippet.mjs", snippet ?? "");
  expect(output).toMatch(/^hello \d+ 32\nworld \d+ 32\n$/);
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
