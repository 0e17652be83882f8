/**
 * `npm start`, `npm test`, `npm run bench`, `npm run bench:webgpu` and `npm run bench:quality`: does the set-up,
 * then runs the job. Needs only node, npm and a C++20 compiler.
 */
import { join } from "node:path";
import { pnpm, root, run, setUp, setUpCommand } from "./toolchain.mjs";

const [job, ...args] = process.argv.slice(2);

/** Searches 280,000 tokens, which two cores embed within 20 s. The answers share few words with the question. */
const demo = [
  "search",
  "what happens when a download is interrupted",
  ...["README.md", "docs", "packages/hub/src"],
  ...["-n", "5"],
];

function start() {
  if (args.length === 0) {
    const line = demo.map((word) => (word.includes(" ") ? `"${word}"` : word)).join(" ");
    console.error(`$ ripvec ${line}\n`);
  }
  const main = join(root, "apps/cli/dist/main.js");
  return run(process.execPath, [main, ...(args.length > 0 ? args : demo)]);
}

const jobs = {
  start,
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
await (job === "start" ? setUpCommand() : setUp());
process.exit(await jobs[job]());
