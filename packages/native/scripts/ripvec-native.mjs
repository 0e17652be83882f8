#!/usr/bin/env node
/**
 * Commands for the package of a native driver, run in its folder:
 * ripvec-native <command> [arguments]
 * The README lists the fields of package.json that the commands read, and target.mjs the
 * environment variables.
 */
import { driverPackage } from "./driver-package.mjs";

const commands = {
  build: async () => (await import("./build.mjs")).build,
  bench: async () => (await import("./bench.mjs")).bench,
  "check-abi": async () => (await import("./check-abi.mjs")).checkAbi,
  "check-prebuilds": async () => (await import("./check-prebuilds.mjs")).checkPrebuilds,
  emulate: async () => (await import("./emulate.mjs")).emulate,
  "fail-allocations": async () => (await import("./fail-allocations.mjs")).failAllocations,
  "list-kernels": async () => (await import("./list-kernels.mjs")).listKernels,
  sanitize: async () => (await import("./sanitize.mjs")).sanitize,
};

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(commands, name)) {
  console.error(`usage: ripvec-native ${Object.keys(commands).join(" | ")} [arguments]`);
  process.exit(2);
}
try {
  const driver = driverPackage();
  const command = await commands[name]();
  if (!(await command(driver, args))) process.exitCode = 1;
} catch (error) {
  console.error(`ripvec-native ${name}: ${error.message}`);
  process.exitCode = 1;
}
