import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { importInstalled } from "../src/embedder/import-installed.js";

const from: string = mkdtempSync(join(tmpdir(), "ripvec-folder-"));

beforeAll(() => {
  mkdirSync(join(from, "driver/empty"), { recursive: true });
  const manifest = { name: "x", type: "module", exports: { ".": { import: "./main.js" } } };
  writeFileSync(join(from, "driver/package.json"), JSON.stringify(manifest));
  writeFileSync(join(from, "driver/main.js"), "export const driver = 7;\n");
});

afterAll(() => rmSync(from, { recursive: true }));

const load = (name: string): Promise<object> =>
  importInstalled({ kind: "driver", name, supported: ["cpu"], from });

test.each(["./driver", join(from, "driver")])("the folder of a package: %s", async (name) => {
  expect(await load(name)).toMatchObject({ driver: 7 });
});

test("a folder that is no package, and a path that is not there", async () => {
  await expect(load("./driver/empty")).rejects.toThrow("is a folder; name its file");
  await expect(load("./nothing")).rejects.toThrow("There is no such file");
});
