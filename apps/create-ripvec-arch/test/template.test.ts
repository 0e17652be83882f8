import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ModelArch } from "@ripvec/core";
import { createProject } from "@ripvec/create";
import { type ArchModel, type PlainForward, testArch } from "@ripvec/driver-testkit";
import { afterAll, describe, expect, test } from "vitest";
import { readText, repository } from "../../create/scripts/repository.js";
import { archTemplate } from "../scripts/arch-template.js";

const cwd = await mkdtemp(join(tmpdir(), "ripvec-create-"));
afterAll(() => rm(cwd, { recursive: true }));

const template = archTemplate();
const { folder } = await createProject({
  typed: "@acme/deep-model",
  prefix: "ripvec-arch-",
  template,
  cwd,
});
const load = <T>(path: string): Promise<T> => import(join(folder, path));

describe("a created architecture", async () => {
  const created = await load<Record<string, ModelArch>>("src/index.ts");
  const { models } = await load<{ models: readonly ArchModel[] }>("test/models.ts");
  const { forward } = await load<PlainForward>("test/definition.ts");
  const arch = created.arch as ModelArch;

  test("exports one architecture under its name and as `arch`", () => {
    expect(Object.keys(created).sort()).toEqual(["arch", "deepModel"]);
    expect(created.deepModel).toBe(arch);
    expect(arch.name).toBe("deep-model");
  });

  /** Compiles the project as its `npm test` does, except that packages are the sources in this repository. */
  test("compiles", async () => {
    const base = JSON.parse(readText("tsconfig.base.json"));
    const sources = Object.entries<string[]>(base.compilerOptions.paths);
    const paths = Object.fromEntries(
      sources.map(([name, [source]]) => [name, [join(repository, source ?? "")]]),
    );
    const typeRoots = [join(repository, "node_modules/@types")];
    const compilerOptions = { paths, noEmit: true, rootDir: "/", typeRoots };
    const config = { extends: "./tsconfig.json", compilerOptions };
    await writeFile(join(folder, "tsconfig.check.json"), JSON.stringify(config));
    const tsc = join(repository, "node_modules/typescript/bin/tsc");
    await promisify(execFile)(process.execPath, [tsc, "-p", join(folder, "tsconfig.check.json")]);
  }, 120_000);

  testArch({ test, arch, models, forward });
});

test("package.json depends on versions of this release", () => {
  const core = JSON.parse(readText("packages/core/package.json")).version;
  const manifest = JSON.parse(template["package.json"] ?? "");
  expect(manifest.peerDependencies).toEqual({ "@ripvec/core": `^${core}` });
  const all = { ...manifest.dependencies, ...manifest.devDependencies };
  for (const range of Object.values(all)) expect(range).toMatch(/^\^?\d+\.\d+\.\d+$/);
});
