import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createProject } from "../src/create-project.js";

const prefix = "ripvec-driver-";
const template = {
  "package.json": '{ "name": "{{packageName}}" }',
  "src/{{snakeName}}.ts": "export const {{camelName}} = {{ {{upperName}} }};",
};
let cwd = "";

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "ripvec-create-"));
});
afterEach(() => rm(cwd, { recursive: true }));

const create = (typed: string) => createProject({ typed, prefix, template, cwd });

test("the names are in the paths and the texts", async () => {
  const { folder } = await create("my-driver");
  expect(folder).toBe(join(cwd, "my-driver"));
  expect(await readdir(folder, { recursive: true })).toEqual(
    expect.arrayContaining(["package.json", "src", join("src", "my_driver.ts")]),
  );
  expect(await readFile(join(folder, "package.json"), "utf8")).toBe(
    '{ "name": "ripvec-driver-my-driver" }',
  );
  expect(await readFile(join(folder, "src", "my_driver.ts"), "utf8")).toBe(
    "export const myDriver = {{ MY_DRIVER }};",
  );
  expect(await readdir(cwd)).toEqual(["my-driver"]);
});

test("the folder has the usual permissions", async () => {
  const { folder } = await create("my-driver");
  await mkdir(join(cwd, "other"));
  expect((await stat(folder)).mode).toBe((await stat(join(cwd, "other"))).mode);
});

test("a path gives the folder, and its last part the name; a scope is no folder", async () => {
  expect(await create(join("deep", "er", "my-driver"))).toMatchObject({
    folder: join(cwd, "deep", "er", "my-driver"),
    names: { packageName: "ripvec-driver-my-driver" },
  });
  expect(await create("@acme/metal")).toMatchObject({
    folder: join(cwd, "metal"),
    names: { packageName: "@acme/metal" },
  });
});

test("an empty folder is used", async () => {
  await mkdir(join(cwd, "my-driver"));
  const { folder } = await create("my-driver");
  expect((await readdir(folder)).sort()).toEqual(["package.json", "src"]);
});

test("a folder with a file, and a file, are refused and left as they are", async () => {
  await mkdir(join(cwd, "full"));
  await writeFile(join(cwd, "full", "notes"), "mine");
  await writeFile(join(cwd, "file"), "mine");
  await expect(create("full")).rejects.toThrow(/exists and is not empty/);
  await expect(create("file")).rejects.toThrow(/is a file/);
  await expect(create(".")).rejects.toThrow(/A name is missing/);
  await expect(create("")).rejects.toThrow(/A name is missing/);
  expect((await readdir(cwd)).sort()).toEqual(["file", "full"]);
  expect(await readdir(join(cwd, "full"))).toEqual(["notes"]);
});

test("a refused name and a failing write leave nothing behind", async () => {
  await expect(create(join("deep", "My Driver"))).rejects.toThrow(/not a name of an npm package/);
  const broken = { src: "a file", "src/index.ts": "a file below a file" };
  const request = { typed: join("deep", "my-driver"), prefix, template: broken, cwd };
  await expect(createProject(request)).rejects.toThrow(/EEXIST|ENOTDIR/);
  expect(await readdir(cwd)).toEqual([]);
});
