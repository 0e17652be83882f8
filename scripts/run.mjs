/**
 * `npm start`, `npm test`, `npm run bench`, `npm run bench:webgpu` and `npm run bench:quality`: set-up, then the job.
 * Needs node, npm and a C++20 compiler, nothing else.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pnpm, root, run, setUp } from "./toolchain.mjs";

const [job, ...args] = process.argv.slice(2);

/** Without tests and kernels: half a million tokens, which two cores embed within half a minute. */
function demo() {
  const sources = readdirSync(join(root, "packages"))
    .map((name) => `packages/${name}/src`)
    .filter((folder) => existsSync(join(root, folder)));
  const question = "where is the safetensors header checked";
  return ["search", question, "README.md", "docs", ...sources, "-n", "5"];
}

const jobs = {
  start: () =>
    run(process.execPath, [
      join(root, "apps/cli/dist/main.js"),
      ...(args.length > 0 ? args : demo()),
    ]),
  test: () => pnpm(["exec", "vitest", "run", ...args]),
  bench: () => run(process.execPath, [join(root, "benchmarks/dist/run.js"), ...args]),
  "bench:webgpu": () =>
    run(process.execPath, [join(root, "benchmarks/dist/webgpu/run.js"), ...args]),
  "bench:quality": () =>
    run(process.execPath, [join(root, "benchmarks/dist/quality/run.js"), ...args]),
};

if (!Object.hasOwn(jobs, job)) {
  console.error(`usage: run.mjs ${Object.keys(jobs).join("|")} [arguments]`);
  process.exit(2);
}
await setUp();
process.exit(await jobs[job]());
