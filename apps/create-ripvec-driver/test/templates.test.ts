import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Driver } from "@ripvec/core";
import { createProject } from "@ripvec/create";
import { testDriver } from "@ripvec/driver-testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readText, repository } from "../../create/scripts/repository.js";
import { nativeTemplate } from "../scripts/native-template.js";
import { plainTemplate } from "../scripts/plain-template.js";

type CreatedModule = Readonly<Record<string, () => Promise<Driver>>>;

const cwd = await mkdtemp(join(tmpdir(), "ripvec-create-"));
afterAll(() => rm(cwd, { recursive: true }));

const create = (typed: string, template: Readonly<Record<string, string>>) =>
  createProject({ typed, prefix: "ripvec-driver-", template, cwd });

/** Compiles the project as its `npm test` does, except that packages are the sources in this repository. */
async function checkTypes(folder: string): Promise<void> {
  const base = JSON.parse(readText("tsconfig.base.json"));
  const paths = Object.fromEntries(
    Object.entries<string[]>(base.compilerOptions.paths).map(([name, [source]]) => [
      name,
      [join(repository, source ?? "")],
    ]),
  );
  const compilerOptions = {
    paths,
    noEmit: true,
    rootDir: "/",
    typeRoots: [join(repository, "node_modules/@types")],
  };
  const config = { extends: "./tsconfig.json", compilerOptions };
  await writeFile(join(folder, "tsconfig.check.json"), JSON.stringify(config));
  const tsc = join(repository, "node_modules/typescript/bin/tsc");
  await promisify(execFile)(process.execPath, [tsc, "-p", join(folder, "tsconfig.check.json")]);
}

describe("a plain driver", async () => {
  const { folder } = await create("my-driver", plainTemplate());
  const created: CreatedModule = await import(join(folder, "src/index.ts"));

  test("compiles", () => checkTypes(folder), 120_000);

  test("exports one function under its name and as `driver`", async () => {
    expect(Object.keys(created).sort()).toEqual(["driver", "myDriver"]);
    expect(created.driver).toBe(created.myDriver);
    const driver = await created.driver?.();
    expect(driver?.name).toBe("my-driver");
    await driver?.close();
  });

  // The stress suite takes half of the time, and adds nothing here: the kernels are those of the kit's own tests.
  testDriver({
    test: (name, body) => {
      if (!name.startsWith("stress: ")) test(name, body);
    },
    createDriver: async () => (await created.driver?.()) as Driver,
  });
});

describe("a native driver", () => {
  let folder = "";
  beforeAll(async () => {
    ({ folder } = await create("@acme/fast-metal", nativeTemplate()));
  });

  test("compiles", () => checkTypes(folder), 120_000);

  test("has its names in all files", async () => {
    const text = (path: string) => readFile(join(folder, path), "utf8");
    const index = await text("src/index.ts");
    expect(index).toContain("export async function fastMetal(): Promise<Driver>");
    expect(index).toContain("export { fastMetal as driver };");
    expect(index).toContain('packageName: "@acme/fast-metal"');
    expect(index).toContain('fileStem: "driver_fast_metal"');
    expect(JSON.parse(await text("package.json"))).toMatchObject({
      name: "@acme/fast-metal",
      ripvec: { addon: "driver_fast_metal", environmentVariable: "RIPVEC_FAST_METAL_BINARY" },
    });
    expect(await text("test/conformance.test.js")).toContain('from "@acme/fast-metal"');
  });
});

test.each([
  ["plain", plainTemplate()],
  ["native", nativeTemplate()],
])("the %s package.json depends on versions of this release", (_, template) => {
  const core = JSON.parse(readText("packages/core/package.json")).version;
  const manifest = JSON.parse(template["package.json"] ?? "");
  expect(manifest.peerDependencies).toEqual({ "@ripvec/core": `^${core}` });
  const all = { ...manifest.dependencies, ...manifest.devDependencies };
  for (const range of Object.values(all)) expect(range).toMatch(/^\^?\d+\.\d+\.\d+$/);
});
