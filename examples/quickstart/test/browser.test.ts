import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { classicBert } from "@ripvec/arch-classic-bert";
import { GenericBackend } from "@ripvec/core";
import { makeModel, templateDriver } from "@ripvec/driver-testkit";
import { writeModel } from "@ripvec/driver-testkit/node";
import { openModel } from "@ripvec/hub";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";

const execute = promisify(execFile);
const here = fileURLToPath(new URL("..", import.meta.url));

const made = makeModel({
  family: "bert",
  seed: 1,
  layers: 1,
  hidden: 16,
  heads: 2,
  intermediate: 32,
  vocabSize: 300,
  maxPositions: 64,
});

let folder: string;
let server: Server;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ripvec-page-"));
  await writeModel(join(folder, "model"), made);
  server = createServer(({ url: path = "" }, response) => {
    const body = made.files.get(path.replace("/model/", ""));
    response.writeHead(body ? 200 : 404).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model/`;
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

/**
 * Bundles the built packages for browsers and runs the result. esbuild fails if the program reaches
 * a module of Node.
 */
async function runInBrowser(source: string): Promise<string> {
  const file = join(folder, "page.mjs");
  await build({
    stdin: { contents: source, resolveDir: here },
    bundle: true,
    format: "esm",
    platform: "browser",
    outfile: file,
    // Without the `paths` of the repository, which lead to sources.
    tsconfigRaw: "{}",
    logLevel: "silent",
  });
  return (await execute(process.execPath, [file], { cwd: here })).stdout;
}

test("a page gets the vectors that Node computes, without a module of Node", async () => {
  const output = await runInBrowser(`
    import { createEmbedder } from "ripvec";
    import { templateDriver } from "@ripvec/driver-testkit";
    const embedder = await createEmbedder(${JSON.stringify(url)}, {
      driver: async () => templateDriver(),
    });
    console.log(String(await embedder.embedQuery("hello")));
    await embedder.close();
  `);
  const model = await openModel(join(folder, "model"));
  const driver = templateDriver();
  await using backend = await GenericBackend.create({ driver, arch: classicBert, model });
  const [vector] = await backend.embedBatch(model.tokenizer.encodeBatch(["hello"]));
  expect(output).toBe(`${vector}\n`);
});

test("in a browser, what cannot be found is refused in words", async () => {
  const output = await runInBrowser(`
    import { createEmbedder } from "ripvec";
    const calls = [[], ["a/b", { driver: "cpu" }], ["a/b", { arch: "ripvec-arch-x" }]];
    for (const call of calls)
      await createEmbedder(...call).catch(({ code, message }) => console.log(code, message));
  `);
  const [model, driver, arch] = output.split("\n");
  expect(model).toMatch(/^INPUT createEmbedder needs a model in a browser: .*serve the folder/);
  expect(driver).toMatch(
    /^UNSUPPORTED unsupported driver "cpu"; supported: auto, webgpu\. .*import/,
  );
  expect(arch).toMatch(
    /^UNSUPPORTED unsupported architecture "ripvec-arch-x"; supported: classic-b/,
  );
});
