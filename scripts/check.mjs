/**
 * Runs everything that guards main, cheapest first, after an installation:
 *   node scripts/check.mjs [--no-<step> …] [step …]
 * Default: all steps; `--no-tests` leaves out the step "tests", and so on. Prints a line for each step. Steps that need built
 * packages build them first, so each step works alone on a clean clone. A step that this machine cannot do is
 * skipped, and reported so.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildReleaseAddon, platformsOfThisMachine } from "./release/build-addon.mjs";
import { pack } from "./release/pack.mjs";
import { publicPackages } from "./release/packages.mjs";
import { verify } from "./release/verify.mjs";
import { pnpm, root, run } from "./toolchain.mjs";

const published = publicPackages(root).filter(({ platform }) => !platform);
const typed = [
  ...published
    .map(({ folder }) => folder)
    .filter((folder) => existsSync(join(root, folder, "tsconfig.json"))),
  "apps/create",
  "packages/core/test",
  "benchmarks",
  "scripts/fuzz",
  "scripts/release",
  ...readdirSync(join(root, "examples")).map((name) => `examples/${name}`),
];
const quiet = { quiet: true };
const exec = (...args) => pnpm(["exec", ...args], quiet);

async function each(folders, command) {
  const codes = [];
  for (const folder of folders) codes.push(await command(folder));
  return Math.max(0, ...codes);
}

const build = () => exec("turbo", "run", "build", "build:native", "--output-logs=errors-only");
const script = (path, ...args) => run(process.execPath, [`scripts/${path}`, ...args], quiet);

/** A step that looks at built packages. Turbo's cache makes every build but the first one short. */
const afterBuild = (check) => async () => (await build()) || check();

/** A step that looks at what a release publishes for this machine. */
const afterReleaseBuild = (check) =>
  afterBuild(async () => (await buildReleaseAddon()) || (await check()));

/** Which libraries the addon needs, and what it exports. */
async function checkAbi() {
  const tools = ["readelf", "tar", "xz"];
  const missing = tools.find((name) => spawnSync(name, ["--version"]).status !== 0);
  if (process.platform !== "linux") return "it needs Linux";
  if (missing) return `it needs ${missing} (Debian: binutils, tar, xz-utils)`;
  return afterReleaseBuild(() =>
    pnpm(["--filter", "@ripvec/driver-cpu", "run", "check-abi"], quiet),
  )();
}

/** Packs all packages, with the addon of this machine only, and checks the tarballs as a release does. */
async function checkTarballs() {
  const folder = mkdtempSync(join(tmpdir(), "ripvec-tarballs-"));
  const platforms = platformsOfThisMachine(root);
  try {
    await pack(folder, { platforms });
    await verify(folder, { platforms, offline: true, unreleased: true });
    return 0;
  } catch (error) {
    console.error(error.message);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Publishes a release to a registry on this machine, and installs and uses it as strangers would. */
async function checkRehearsal() {
  if (process.platform === "win32") return "it needs a POSIX shell";
  return afterBuild(() => script("rehearse-release.mjs", "--quick"))();
}

/** What a step does: resolves with an exit code, or with a text that says why this machine cannot do it. */
const steps = new Map([
  ["format and lint", () => exec("biome", "check", "--error-on-warnings", ".")],
  ["ops", () => script("check-ops.mjs")],
  ["op lists", () => script("generate-op-lists.mjs", "--check")],
  ["clang-format", () => script("clang-format.mjs")],
  [
    "generated",
    () => run(process.execPath, ["packages/native/scripts/generate-ops.mjs", "--check"], quiet),
  ],
  ["paths", () => script("check-paths.mjs")],
  ["links", () => script("links.mjs")],
  ["models page", () => script("reference/models-page.mjs", "--check")],
  ["types", () => each(typed, (folder) => exec("tsc", "-p", folder))],
  ["unused", () => exec("knip", "--no-progress")],
  ["build", build],
  ["abi", checkAbi],
  ["exported types", afterBuild(() => script("check-exports.mjs"))],
  ["tarballs", afterReleaseBuild(checkTarballs)],
  ["rehearsal", checkRehearsal],
  ["tests", afterBuild(() => pnpm(["exec", "vitest", "run"]))],
]);

const args = process.argv.slice(2);
const isOmission = (arg) => arg.startsWith("--no-");
const omitted = args.filter(isOmission).map((arg) => arg.slice("--no-".length));
const named = args.filter((arg) => !isOmission(arg));
const unknown = [...named, ...omitted].filter((name) => !steps.has(name));
if (unknown.length > 0) {
  console.error(`no step ${unknown.join(", ")}; there are: ${[...steps.keys()].join(", ")}`);
  process.exit(2);
}
const chosen = (named.length > 0 ? named : [...steps.keys()]).filter(
  (name) => !omitted.includes(name),
);
const count = { passed: 0, failed: 0, skipped: 0 };
for (const name of chosen) {
  const result = await steps.get(name)();
  if (typeof result === "string") {
    count.skipped++;
    console.log(`skipped: ${name} (${result})`);
  } else {
    count[result === 0 ? "passed" : "failed"]++;
    console.log(`${result === 0 ? "ok    " : "FAILED"} ${name}`);
  }
}
const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : "";
console.log(`check: ${count.passed} passed, ${count.failed} failed${skipped}`);
process.exit(count.failed === 0 ? 0 : 1);
