import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { platformTag } from "../../../packages/native/scripts/platform-tag.mjs";
import { checkAddon } from "../addons.mjs";
import { problemsOf, verify } from "../verify.mjs";
import { FakeRegistry } from "./support/fake-registry.js";
import {
  elf,
  filesOf,
  goodBudgets,
  goodPackages,
  machO,
  type Packages,
  pe,
  ReleaseFixture,
} from "./support/release-fixture.js";

interface Options {
  readonly platforms?: readonly string[];
  readonly lint?: boolean;
  readonly offline?: boolean;
  readonly registry?: string;
}

/** What the check says of tarballs that hold `packed`, in a repository that holds `packages`. */
async function check(
  packages: Packages,
  packed: Packages,
  options: Options = {},
): Promise<string[]> {
  using fixture = new ReleaseFixture(packages, packed);
  const { root, tarballs } = fixture;
  const defaults = { root, budgets: goodBudgets, lint: false, load: false, offline: true };
  return await problemsOf(tarballs, { ...defaults, ...options });
}

/** What the check says after `change` was made to the packages and to their tarballs. */
function checkChanged(change: (packages: Packages) => void): Promise<string[]> {
  const packages = goodPackages();
  change(packages);
  return check(packages, packages);
}

function setManifest(packages: Packages, folder: string, fields: Record<string, unknown>): void {
  Object.assign(filesOf(packages, folder)["package.json"], fields);
}

function setFile(packages: Packages, folder: string, path: string, content: string | Buffer): void {
  filesOf(packages, folder)[path] = content;
}

test("accepts a whole release", async () => {
  expect(await check(goodPackages(), goodPackages(), { lint: true })).toEqual([]);
}, 60_000);

test.each<[string, (packages: Packages) => void, RegExp]>([
  [
    "a file that package.json names is missing",
    (packages) => setManifest(packages, "packages/core", { types: "./dist/index.d.ts" }),
    /^@test\/core lacks dist\/index\.d\.ts/,
  ],
  [
    "a range of the workspace",
    (packages) =>
      setManifest(packages, "packages/driver", {
        devDependencies: { "@test/core": "workspace:*" },
      }),
    /^@test\/driver: package\.json has devDependencies\.@test\/core "workspace:\*"/,
  ],
  [
    "a source map",
    (packages) => setFile(packages, "packages/core", "dist/index.js.map", "{}"),
    /^@test\/core has dist\/index\.js\.map, a source map$/,
  ],
  [
    "a comment that names a source map",
    (packages) =>
      setFile(
        packages,
        "packages/core",
        "dist/index.js",
        "export {};\n//# sourceMappingURL=index.js.map\n",
      ),
    /^@test\/core has dist\/index\.js, which names a source map$/,
  ],
  [
    "a test",
    (packages) => setFile(packages, "packages/core", "test/index.js", "x"),
    /^@test\/core has test\/index\.js, a test$/,
  ],
  [
    "a TypeScript source",
    (packages) => setFile(packages, "packages/core", "src/index.ts", "x"),
    /^@test\/core has src\/index\.ts, a TypeScript source$/,
  ],
  [
    "a missing licence text",
    (packages) => setFile(packages, "packages/core", "LICENSE.MIT", "see LICENSE.md"),
    /^@test\/core lacks the licence text LICENSE\.MIT$/,
  ],
  [
    "a link that leaves the package",
    (packages) => setFile(packages, "packages/core", "README.md", "[x](../../README.md)"),
    /^@test\/core README\.md links to \.\.\/\.\.\/README\.md, which is not in the package$/,
  ],
  [
    "a missing field",
    (packages) => setManifest(packages, "packages/core", { homepage: undefined }),
    /^@test\/core: package\.json has a missing or wrong homepage$/,
  ],
  [
    "a script that runs at installation",
    (packages) => setManifest(packages, "packages/core", { scripts: { postinstall: "node x" } }),
    /^@test\/core: package\.json has the script postinstall/,
  ],
  [
    "a peer range that excludes the release",
    (packages) =>
      setManifest(packages, "packages/driver", { peerDependencies: { "@test/core": "^2.0.0" } }),
    /^@test\/driver needs @test\/core \^2\.0\.0, and this release has 1\.0\.0$/,
  ],
  [
    "an addon that is cut off",
    (packages) => {
      const whole = machO(0x0100000c);
      whole.writeBigUInt64LE(BigInt(whole.length + 1), 32 + 48);
      setFile(packages, "packages/driver/platforms/darwin-arm64", "driver.node", whole);
    },
    /^@test\/driver-darwin-arm64: driver\.node is cut off$/,
  ],
  [
    "an addon that needs MinGW's libraries",
    (packages) => {
      const bytes = Buffer.concat([pe(0x8664), Buffer.from("libstdc++-6.dll")]);
      setFile(packages, "packages/driver/platforms/win32-x64", "driver.node", bytes);
    },
    /^@test\/driver-win32-x64: driver\.node needs libstdc\+\+-6\.dll$/,
  ],
  [
    "an addon without an instruction set",
    (packages) => {
      const ripvec = { addon: "driver", sources: [], variants: [{ sets: ["portable", "neon"] }] };
      setManifest(packages, "packages/driver", { ripvec });
    },
    /^@test\/driver-darwin-arm64: driver\.node lacks the instruction sets neon$/,
  ],
  [
    "a version that was never raised",
    (packages) => setManifest(packages, "packages/driver", { version: "0.0.0" }),
    /^@test\/driver has no released version: add a changeset$/,
  ],
  [
    "a prerelease",
    (packages) => setManifest(packages, "packages/driver", { version: "1.0.0-next.1" }),
    /^@test\/driver has the prerelease version 1\.0\.0-next\.1: releases have none$/,
  ],
  [
    "an addon for another processor",
    (packages) => {
      setFile(packages, "packages/driver/platforms/darwin-arm64", "driver.node", machO(0x01000007));
    },
    /^@test\/driver-darwin-arm64: driver\.node must be for darwin-arm64, and is for darwin-x64$/,
  ],
  [
    "an addon for another system",
    (packages) => {
      setFile(packages, "packages/driver/platforms/win32-x64", "driver.node", elf(0x3e));
    },
    /^@test\/driver-win32-x64: driver\.node must be for win32-x64, and is for linux-x64$/,
  ],
  [
    "an addon that is no program",
    (packages) => {
      setFile(
        packages,
        "packages/driver/platforms/win32-x64",
        "driver.node",
        "404 not found".repeat(9),
      );
    },
    /^@test\/driver-win32-x64: driver\.node must be for win32-x64, and is for no ELF/,
  ],
])("refuses %s", async (_title, change, expected) => {
  expect(await checkChanged(change)).toEqual([expect.stringMatching(expected)]);
});

test("refuses a package and a set-up that are too large", async () => {
  const problems = await checkChanged((packages) => {
    setFile(packages, "packages/core", "dist/index.js", "x".repeat(50_000));
  });
  expect(problems).toEqual([
    expect.stringMatching(/^@test\/core: installed has \d+ kB, and the budget is 20 kB$/),
    expect.stringMatching(/^set-up all: installed has \d+ kB, and the budget is 60 kB$/),
  ]);
});

test("asks the registry for dependencies of other publishers", async () => {
  const registry = new FakeRegistry();
  const url = await registry.listen();
  try {
    registry.add("undici", "7.1.0");
    const packages = goodPackages();
    const peerDependencies = { undici: "^7.0.0", "@test/other": "^1.0.0" };
    setManifest(packages, "packages/core", { peerDependencies });
    expect(await check(packages, packages, { offline: false, registry: url })).toEqual([
      "@test/core needs @test/other ^1.0.0, which is neither in this release nor on the registry",
    ]);
  } finally {
    await registry.close();
  }
});

test("names every platform that is missing, and checks nothing else", async () => {
  const packed = goodPackages();
  delete packed["packages/driver/platforms/darwin-arm64"];
  delete packed["packages/driver/platforms/win32-x64"];
  expect(await check(goodPackages(), packed)).toEqual([
    "missing: @test/driver-darwin-arm64, the addon for darwin-arm64",
    "missing: @test/driver-win32-x64, the addon for win32-x64",
  ]);
});

test("accepts the platforms that were asked for", async () => {
  const packed = goodPackages();
  delete packed["packages/driver/platforms/win32-x64"];
  const platforms = ["darwin-arm64"];
  expect(await check(goodPackages(), packed, { platforms })).toEqual([]);
  await expect(check(goodPackages(), packed, { platforms: ["os2-x64"] })).rejects.toThrow(
    "os2-x64",
  );
});

test("refuses foreign packages, other versions and a package that is there twice", async () => {
  const packed = goodPackages();
  setManifest(packed, "packages/core", { version: "1.1.0" });
  packed.foreign = { "package.json": { name: "@test/foreign", version: "1.0.0" } };
  packed.again = filesOf(packed, "packages/driver");
  expect(await check(goodPackages(), packed)).toEqual([
    "@test/core has version 1.1.0, and the repository has 1.0.0",
    "@test/foreign is not a public package of this repository",
    "@test/driver is there twice",
  ]);
});

test("finds what publint and attw find", async () => {
  const packages = goodPackages();
  setFile(packages, "packages/core", "dist/index.d.cts", "export const one: number;\n");
  setManifest(packages, "packages/core", {
    types: "./dist/index.d.cts",
    exports: { ".": { default: "./dist/index.js", types: "./dist/index.d.cts" } },
  });
  const problems = (await check(packages, packages, { lint: true })).join("\n");
  expect(problems).toMatch(/@test\/core: publint: [\s\S]*exports.*\.types should be the first/);
  expect(problems).toMatch(/@test\/core: attw: [\s\S]*FallbackCondition|Masquerading/);
}, 60_000);

test("throws an error with all problems", async () => {
  using fixture = new ReleaseFixture(goodPackages(), {});
  const { root, tarballs } = fixture;
  await expect(verify(tarballs, { root, offline: true })).rejects.toThrow(
    /@test\/core[\s\S]*@test\/driver-win32-x64/,
  );
});

const tag = platformTag();
const folder = fileURLToPath(new URL("../../../packages/driver-cpu/", import.meta.url));
const addon = `${folder}platforms/${tag}/driver_cpu.node`;
const canRead = spawnSync("readelf", ["--version"]).status === 0 && existsSync(addon);

test.skipIf(!/^linux-[a-z0-9]+$/.test(tag) || !canRead)(
  "loads an addon, and refuses it if it is cut off or needs a newer glibc",
  async () => {
    const manifest = { name: "x", main: "driver_cpu.node" };
    const whole = readFileSync(addon);
    const { variants } = JSON.parse(readFileSync(`${folder}package.json`, "utf8")).ripvec;
    const problems = (glibc: string, bytes = whole): Promise<string[]> => {
      const tarball = { manifest, files: new Map([["driver_cpu.node", bytes]]) };
      return checkAddon({ tarball, tag, driverFolder: folder, variants, glibc, load: true });
    };
    expect(await problems("2.99")).toEqual([]);
    expect(await problems("2.99", whole.subarray(0, -1))).toEqual([
      "x: driver_cpu.node is cut off",
    ]);
    expect(await problems("2.1")).toEqual([
      expect.stringMatching(/^x: driver_cpu\.node needs glibc 2\.\d+, newer than 2\.1$/),
    ]);
  },
);
