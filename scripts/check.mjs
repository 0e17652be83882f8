/** Everything that guards main, cheapest first. `--no-tests` leaves out the test suites. Prints a line a step. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pnpm, root, run } from "./toolchain.mjs";

const published = [
  ...readdirSync(join(root, "packages")).map((name) => `packages/${name}`),
  "apps/cli",
];
const libraries = published.filter((folder) => folder !== "apps/cli");
const typed = [
  ...published,
  "packages/core/test",
  "benchmarks",
  "scripts/fuzz",
  ...readdirSync(join(root, "examples")).map((name) => `examples/${name}`),
];
const quiet = { quiet: true };
const exec = (...args) => pnpm(["exec", ...args], quiet);

async function each(folders, command) {
  const codes = [];
  for (const folder of folders) codes.push(await command(folder));
  return Math.max(0, ...codes);
}

const steps = [
  ["format and lint", () => exec("biome", "check", "--error-on-warnings", ".")],
  ["rooms", () => run(process.execPath, ["scripts/rooms.mjs"], quiet)],
  ["op lists", () => run(process.execPath, ["scripts/generate-op-lists.mjs", "--check"], quiet)],
  ["links", () => run(process.execPath, ["scripts/links.mjs"], quiet)],
  [
    "models page",
    () => run(process.execPath, ["scripts/reference/models-page.mjs", "--check"], quiet),
  ],
  ["types", () => each(typed, (folder) => exec("tsc", "-p", folder))],
  ["unused", () => exec("knip", "--no-progress")],
  ["build", () => exec("turbo", "run", "build", "build:native", "--output-logs=errors-only")],
  ["publint", () => each(published, (folder) => exec("publint", folder, "--strict"))],
  ["attw", () => each(libraries, (folder) => exec("attw", "--pack", folder, "--quiet"))],
  ["tests", () => pnpm(["exec", "vitest", "run"])],
];

const chosen = process.argv.includes("--no-tests")
  ? steps.filter(([name]) => name !== "tests")
  : steps;
const failed = [];
for (const [name, check] of chosen) {
  const code = await check();
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${name}`);
  if (code !== 0) failed.push(name);
}
console.log(`check: ${chosen.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
