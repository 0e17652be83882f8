/**
 * Builds and runs a benchmark of native-bench/: node scripts/bench.mjs kernels | layers [arguments]
 *
 * What it takes and prints stands at the head of native-bench/<name>.cc. Run it on an idle machine.
 */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { compile, configure, jobs, tool } from "./build.mjs";

const programs = ["kernels", "layers"];

async function build(name) {
  const config = configure();
  const isOther = ({ source }) =>
    programs.some((program) => program !== name && source === `native-bench/${program}.cc`);
  const list = jobs(config, ["ops", "runtime", "../native/cpp/engine", "native-bench"]).filter((job) => !isOther(job));
  const objects = await compile(config, list);
  const program = join(dirname(objects[0]), `bench-${name}`);
  await tool(config.cxx, [...objects, "-pthread", ...config.flags, "-o", program]);
  return program;
}

const [name, ...args] = process.argv.slice(2);
if (programs.includes(name)) {
  process.exitCode = spawnSync(await build(name), args, { stdio: "inherit" }).status ?? 1;
} else {
  console.error(`usage: node scripts/bench.mjs ${programs.join(" | ")} [arguments]`);
  process.exitCode = 2;
}
