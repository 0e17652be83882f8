import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundle } from "@ripvec/native/scripts/bundle.mjs";
import { cpuInfo } from "../../src/index.js";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export interface ChildResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Children {
  /**
   * Runs a module in a new process. In its text, `api` is replaced by the URL of the bundled
   * child-api.ts.
   */
  run(script: string, options?: { flags?: readonly string[] }): Promise<ChildResult>;
  dispose(): Promise<void>;
}

/** Bundles the sources for plain Node. */
export async function children(): Promise<Children> {
  const folder = await mkdtemp(join(tmpdir(), "ripvec-cpu-"));
  const api = pathToFileURL(await bundle(here("../.."), here("./child-api.ts"), folder)).href;
  let count = 0;
  return {
    async run(script, { flags = [] } = {}) {
      const path = join(folder, `script-${count++}.mjs`);
      await writeFile(path, `const api = ${JSON.stringify(api)};\n${script}`);
      return spawnNode([...flags, path]);
    },
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

function spawnNode(args: readonly string[]): Promise<ChildResult> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, RIPVEC_CPU_BINARY: cpuInfo().binaryPath, NODE_OPTIONS: "" },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 45_000,
    killSignal: "SIGKILL",
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
