import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { publicPackages } from "../packages.mjs";
import { filesOf, goodPackages, ReleaseFixture } from "./support/release-fixture.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const script = join(root, "scripts/release/check-package.mjs");

/** Runs the script as a package manager does. Returns what it prints on failure, and undefined otherwise. */
function prepack(folder: string, packageManager: string): string | undefined {
  const env = { ...process.env, npm_config_user_agent: packageManager };
  const { status, stderr } = spawnSync(process.execPath, [script], { cwd: folder, env });
  return status === 0 ? undefined : stderr.toString();
}

test("every public package runs the script before it is packed", () => {
  for (const { folder, manifest } of publicPackages(root)) {
    const [, path = ""] = /^node (.+)$/.exec(manifest.scripts?.prepack ?? "") ?? [];
    expect(join(root, folder, path), manifest.name).toBe(script);
  }
  expect(existsSync(script)).toBe(true);
});

test("accepts what is built, and names what is missing or empty", () => {
  const packages = goodPackages();
  using built = new ReleaseFixture(packages);
  for (const folder of Object.keys(packages))
    expect(prepack(join(built.root, folder), "pnpm/10.34.9"), folder).toBeUndefined();

  filesOf(packages, "packages/driver/platforms/win32-x64")["driver.node"] = "";
  delete filesOf(packages, "packages/core")["dist/index.js"];
  using unbuilt = new ReleaseFixture(packages);
  const problemOf = (folder: string): string | undefined =>
    prepack(join(unbuilt.root, folder), "pnpm/10.34.9");
  expect(problemOf("packages/core")).toMatch(
    /^@test\/core is not built\. Missing or empty: dist\/index\.js\. Build the packages first: /,
  );
  expect(problemOf("packages/driver/platforms/win32-x64")).toMatch(
    /^@test\/driver-win32-x64 is not built\. Missing or empty: driver\.node\. Build the addon on its platform: /,
  );
});

test("refuses other package managers, which leave the ranges of the workspace in package.json", () => {
  const packages = goodPackages();
  using built = new ReleaseFixture(packages);
  expect(prepack(join(built.root, "packages/core"), "npm/10.8.2")).toMatch(
    /^@test\/core can only be packed by pnpm/,
  );
});
