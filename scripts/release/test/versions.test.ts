import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { fits } from "../dependencies.mjs";
import { publicPackages } from "../packages.mjs";

type Bump = "patch" | "minor" | "major";

interface PublicPackage {
  readonly folder: string;
  readonly manifest: {
    readonly name: string;
    readonly version: string;
    readonly peerDependencies?: Readonly<Record<string, string>>;
  };
}

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../..", import.meta.url));
const changesets = join(root, "node_modules/@changesets/cli/bin.js");
const scratch = mkdtempSync(join(tmpdir(), "ripvec-versions-"));
const packages: readonly PublicPackage[] = publicPackages(root);
const names = packages.map(({ manifest }) => manifest.name);
const platforms = names.filter((name) => name.startsWith("@ripvec/driver-cpu-"));
const cpuDriver = ["@ripvec/driver-cpu", ...platforms];

/** The path of each package.json of the workspace. */
function manifestPaths(): string[] {
  const parents = ["packages", "packages/driver-cpu/platforms", "apps", "examples"];
  const folders = parents.flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
  );
  return ["", "benchmarks/", ...folders.map((folder) => `${folder}/`)]
    .map((folder) => `${folder}package.json`)
    .filter((path) => existsSync(join(root, path)));
}

/** A copy of what `changeset version` reads, with `version` in every package and with one changeset. */
function copyRepository(version: string, changes: Readonly<Record<string, Bump>>): string {
  const copy = mkdtempSync(join(scratch, "copy-"));
  for (const path of manifestPaths()) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    const manifest = JSON.parse(readFileSync(join(root, path), "utf8"));
    writeFileSync(join(copy, path), JSON.stringify({ ...manifest, version }));
  }
  for (const path of ["pnpm-workspace.yaml", ".changeset/config.json"])
    cpSync(join(root, path), join(copy, path));
  const lines = Object.entries(changes).map(([name, bump]) => `"${name}": ${bump}\n`);
  writeFileSync(join(copy, ".changeset/one.md"), `---\n${lines.join("")}---\n\nA change.\n`);
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction");
  return copy;
}

/** Runs `changeset version` on a copy. Resolves with the public packages of the copy. */
async function release(
  version: string,
  changes: Readonly<Record<string, Bump>>,
): Promise<PublicPackage[]> {
  const copy = copyRepository(version, changes);
  await run("git", ["init", "--quiet"], { cwd: copy });
  await run(process.execPath, [changesets, "version"], { cwd: copy });
  return publicPackages(copy);
}

/** The versions after a release of `changes` that are not 1.0.0. */
async function raised(changes: Readonly<Record<string, Bump>>): Promise<Record<string, string>> {
  const released = await release("1.0.0", changes);
  const versions = released.map(({ manifest }) => [manifest.name, manifest.version]);
  return Object.fromEntries(versions.filter(([, version]) => version !== "1.0.0"));
}

const all = (list: readonly string[], version: string): Record<string, string> =>
  Object.fromEntries(list.map((name) => [name, version]));

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("the first release", () => {
  test("gives every package version 1.0.0", async () => {
    const changes = Object.fromEntries(names.map((name) => [name, "major" as const]));
    const released = await release("0.0.0", changes);
    const versions = released.map(({ manifest }) => manifest.version);
    expect(versions).toHaveLength(names.length);
    expect(new Set(versions)).toEqual(new Set(["1.0.0"]));
  });

  const changeset = join(root, ".changeset/first-release.md");
  test.skipIf(!existsSync(changeset))("contains every package", () => {
    const listed = [...readFileSync(changeset, "utf8").matchAll(/^"(.+)": major$/gm)];
    const expected = names.filter((name) => !platforms.includes(name));
    expect(listed.map(([, name]) => name).sort()).toEqual(expected.sort());
  });
});

describe.concurrent("a later release", () => {
  test.each([
    ["@ripvec/driver-webgpu", ["@ripvec/driver-webgpu"]],
    ["@ripvec/driver-cpu", cpuDriver],
    // A native driver depends on one exact version of @ripvec/native.
    ["@ripvec/native", ["@ripvec/native", ...cpuDriver]],
  ])("with a patch of %s raises nothing else", async (name, expected) => {
    expect(await raised({ [name]: "patch" })).toEqual(all(expected, "1.0.1"));
  });

  test("with a minor version of core raises core alone, and satisfies the peer ranges of earlier releases", async () => {
    const versions = await raised({ "@ripvec/core": "minor" });
    expect(versions).toEqual({ "@ripvec/core": "1.1.0" });
    const driver = packages.find(({ manifest }) => manifest.name === "@ripvec/driver-webgpu");
    expect(driver?.manifest.peerDependencies?.["@ripvec/core"]).toBe("workspace:^");
    // What pnpm writes for `workspace:^` at 1.0.0, and what the guide tells third parties to write.
    expect(fits(versions["@ripvec/core"], "^1.0.0")).toBe(true);
  });

  test("with a new op that one driver fuses is a major version of no package", async () => {
    const changes = {
      "@ripvec/core": "minor",
      "@ripvec/driver-testkit": "minor",
      "@ripvec/driver-webgpu": "minor",
    } as const;
    expect(await raised(changes)).toEqual(all(Object.keys(changes), "1.1.0"));
  });

  test("with a major version of core raises all that have it as a peer", async () => {
    const versions = await raised({ "@ripvec/core": "major" });
    const peers = packages.filter(({ manifest }) => manifest.peerDependencies?.["@ripvec/core"]);
    expect(peers.length).toBeGreaterThan(4);
    for (const { manifest } of peers) expect(versions[manifest.name]).toBe("2.0.0");
  });
});
