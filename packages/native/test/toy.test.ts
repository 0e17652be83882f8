import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { testDriver } from "@ripvec/driver-testkit";
import { beforeAll, describe, test } from "vitest";
import { toy } from "./toy/src/index.js";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const compiler = process.env.CXX || "c++";
const hasCompiler = spawnSync(compiler, ["--version"]).status === 0;

/**
 * The kernels of this driver are as simple as possible, so a failure here is a mistake in this
 * package.
 */
describe.skipIf(!hasCompiler)(`a toy driver, built with ${compiler}`, () => {
  beforeAll(async () => {
    const command = [here("../scripts/ripvec-native.mjs"), "build"];
    await promisify(execFile)(process.execPath, command, { cwd: here("toy") });
  }, 600_000);

  testDriver({ test, createDriver: toy });
});
