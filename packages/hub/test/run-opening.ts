import { type ChildProcess, execFile, spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "tsup";
import { afterAll, beforeAll } from "vitest";

/** The output of opening-process.ts. */
export interface Opening {
  readonly hash?: string;
  readonly events?: number;
  readonly message?: string;
  readonly code?: string;
}

const packageDir = fileURLToPath(new URL("..", import.meta.url));

/**
 * Bundles opening-process.ts for the tests of the importing file. `env`: variables that its
 * processes get in addition.
 */
export function openingProcesses(env: () => Record<string, string>) {
  /** The bundle lies inside the package so that it finds the package's dependencies. */
  const folder = join(packageDir, "node_modules", `.opening-process-${process.pid}`);
  const bundle = join(folder, "opening-process.mjs");
  beforeAll(() =>
    build({
      entry: [fileURLToPath(new URL("./opening-process.ts", import.meta.url))],
      outDir: folder,
      format: "esm",
      outExtension: () => ({ js: ".mjs" }),
      external: ["undici"],
      noExternal: [/^@ripvec\//],
      tsconfig: join(packageDir, "tsconfig.json"),
      config: false,
      silent: true,
    }),
  );
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const options = () => ({ env: { ...process.env, ...env() } });
  return {
    async open(name: string, cacheDir: string): Promise<Opening> {
      const args = [bundle, name, cacheDir];
      const { stdout } = await promisify(execFile)(process.execPath, args, options());
      return JSON.parse(stdout) as Opening;
    },
    start(name: string, cacheDir: string): ChildProcess {
      return spawn(process.execPath, [bundle, name, cacheDir], { ...options(), stdio: "ignore" });
    },
  };
}
