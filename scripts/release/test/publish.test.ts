import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { inOrder } from "../dependencies.mjs";
import { publish } from "../publish.mjs";
import { FakeRegistry } from "./support/fake-registry.js";
import { goodPackages, type Packages, ReleaseFixture } from "./support/release-fixture.js";

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

test("leaves versions of earlier complete releases as they are", async () => {
  const packages = goodPackages();
  Object.assign(packages["packages/core"]?.["package.json"] ?? {}, { version: "1.1.0" });
  using fixture = prepare(packages);
  const earlier = inPublishingOrder.slice(1);
  for (const tag of earlier) {
    registry.add(tag.replace(/@1\.0\.0$/, ""), "1.0.0");
    git(fixture, "tag", tag);
  }
  expect(await run(fixture)).toEqual([
    { name: "@test/core@1.1.0", state: "publish" },
    ...earlier.map((name) => ({ name, state: "kept" })),
  ]);
  expect(registry.published).toEqual(["@test/core@1.1.0"]);
  expect(tagsOf(fixture).sort()).toEqual([...earlier, "@test/core@1.1.0"].sort());
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
});

test("refuses packages that depend on each other", () => {
  const tarball = (name: string, dependency: string) => ({
    manifest: { name, dependencies: { [dependency]: "1.0.0" } },
  });
  expect(() => inOrder([tarball("a", "b"), tarball("b", "a")])).toThrow("a → b → a");
});
