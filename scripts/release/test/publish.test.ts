import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { inOrder } from "../dependencies.mjs";
import { publish } from "../publish.mjs";
import { readTarballs } from "../tarball.mjs";
import { FakeRegistry } from "./support/fake-registry.js";
import {
  filesOf,
  goodPackages,
  type Packages,
  pe,
  ReleaseFixture,
} from "./support/release-fixture.js";

const inPublishingOrder = [
  "@test/core@1.0.0",
  "@test/driver-darwin-arm64@1.0.0",
  "@test/driver-win32-x64@1.0.0",
  "@test/driver@1.0.0",
];

let registry: FakeRegistry;
let url: string;

beforeEach(async () => {
  registry = new FakeRegistry();
  url = await registry.listen();
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await registry.close();
});

/** A release of `packages` in a repository with git. npm gets a token for the fake registry. */
function prepare(packages: Packages): ReleaseFixture {
  const fixture = new ReleaseFixture(packages);
  const userConfig = join(fixture.root, ".npmrc");
  writeFileSync(userConfig, `${url.replace("http:", "")}:_authToken=test\nfetch-retries=0\n`);
  vi.stubEnv("NPM_CONFIG_USERCONFIG", userConfig);
  vi.stubEnv("GITHUB_ACTIONS", "");
  git(fixture, "init", "--quiet");
  git(fixture, "add", ".");
  git(
    fixture,
    "-c",
    "user.name=t",
    "-c",
    "user.email=t@example.org",
    "commit",
    "--quiet",
    "--allow-empty",
    "-m",
    "x",
  );
  return fixture;
}

const git = ({ root }: ReleaseFixture, ...args: string[]): string =>
  execFileSync("git", args, { cwd: root, encoding: "utf8" });

const tagsOf = (fixture: ReleaseFixture): string[] =>
  git(fixture, "tag").split("\n").filter(Boolean);

const run = ({ tarballs, root }: ReleaseFixture, options = {}): Promise<unknown> =>
  publish(tarballs, { root, registry: url, log: () => {}, ...options });

test("publishes dependencies first, and completes what failed half-way", async () => {
  using fixture = prepare(goodPackages());
  registry.refused = "@test/driver-win32-x64";
  await expect(run(fixture)).rejects.toThrow(/npm publish failed[\s\S]*403/);
  expect(registry.published).toEqual(inPublishingOrder.slice(0, 2));
  expect(tagsOf(fixture)).toEqual([]);

  registry.refused = undefined;
  await run(fixture);
  expect(registry.published).toEqual(inPublishingOrder);
  expect(tagsOf(fixture).sort()).toEqual([...inPublishingOrder].sort());

  await run(fixture);
  expect(registry.published).toEqual(inPublishingOrder);
});

test("publishes nothing if an incomplete release has other bytes", async () => {
  using fixture = prepare(goodPackages());
  registry.add("@test/driver-win32-x64", "1.0.0");
  await expect(run(fixture)).rejects.toThrow(
    /other bytes for @test\/driver-win32-x64@1\.0\.0, .*Nothing was published/,
  );
  expect(registry.published).toEqual([]);
});

/** Puts an earlier release of everything but core onto the registry. Returns its tags. */
function releaseEarlier(fixture: ReleaseFixture, packages: Packages): readonly string[] {
  using packed = new ReleaseFixture(packages);
  const earlier = inPublishingOrder.slice(1);
  for (const { manifest, path } of readTarballs(packed.tarballs)) {
    const tag = `${manifest.name}@1.0.0`;
    if (!earlier.includes(tag)) continue;
    registry.add(manifest.name, "1.0.0", readFileSync(path));
    git(fixture, "tag", tag);
  }
  return earlier;
}

test("leaves versions of earlier complete releases as they are", async () => {
  const before = goodPackages();
  filesOf(before, "packages/driver/platforms/win32-x64")["driver.node"] = pe(0xaa64);
  Object.assign(filesOf(before, "packages/driver")["package.json"], { keywords: ["before"] });
  const packages = goodPackages();
  Object.assign(filesOf(packages, "packages/core")["package.json"], { version: "1.1.0" });
  using fixture = prepare(packages);
  const earlier = releaseEarlier(fixture, before);
  expect(await run(fixture)).toEqual([
    { name: "@test/core@1.1.0", state: "publish" },
    ...earlier.map((name) => ({ name, state: "kept" })),
  ]);
  expect(registry.published).toEqual(["@test/core@1.1.0"]);
  expect(tagsOf(fixture).sort()).toEqual([...earlier, "@test/core@1.1.0"].sort());
});

test("publishes nothing if a package changed and its version did not", async () => {
  const packages = goodPackages();
  filesOf(packages, "packages/driver")["dist/index.js"] = "export const two = 3;\n";
  filesOf(packages, "packages/driver")["dist/more.js"] = "export const three = 3;\n";
  using fixture = prepare(packages);
  releaseEarlier(fixture, goodPackages());
  await expect(run(fixture)).rejects.toThrow(
    /@test\/driver changed since version 1\.0\.0 was published, without a changeset: dist\/index\.js, dist\/more\.js$/,
  );
  expect(registry.published).toEqual([]);
});

test("a dry run publishes nothing and creates no tag", async () => {
  using fixture = prepare(goodPackages());
  await run(fixture, { dryRun: true });
  expect(registry.published).toEqual([]);
  expect(tagsOf(fixture)).toEqual([]);
});

test("fails before the first package if the registry cannot be asked", async () => {
  using fixture = prepare(goodPackages());
  await registry.close();
  await expect(run(fixture)).rejects.toThrow(/@test%2fcore did not answer: .*ECONNREFUSED/);
}, 20_000);

test("names what it cannot read", async () => {
  using empty = prepare({});
  await expect(run(empty)).rejects.toThrow(/tarballs has no tarballs$/);
  await expect(run(empty, { registry: "localhost" })).rejects.toThrow('"localhost" is no URL');
  writeFileSync(join(empty.tarballs, "x.tgz"), "404 not found");
  await expect(run(empty)).rejects.toThrow(/x\.tgz is no whole package tarball: /);
});

test("refuses packages that depend on each other", () => {
  const tarball = (name: string, dependency: string) => ({
    manifest: { name, dependencies: { [dependency]: "1.0.0" } },
  });
  expect(() => inOrder([tarball("a", "b"), tarball("b", "a")])).toThrow("a → b → a");
});
