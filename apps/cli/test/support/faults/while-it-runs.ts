/**
 * Opens a model and runs passes while another process repeatedly cuts and rewrites its weights.
 * Prints the results.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WeightDType } from "@ripvec/core";
import { faults } from "./file-faults.js";
import { live, wrongWith } from "./life.js";
import { contents, writeWeights } from "./made-weights.js";

/** Number of lives. Each has enough passes for the other process to interfere. */
const rounds = 60;
const passes = 10;
const kinds = ["cut in the middle", "rewritten in place", "rewritten with the same bytes"] as const;

/** Runs in the other process: changes the file every few milliseconds, until it is killed. */
function change(path: string): void {
  const kind = kinds[Math.floor(Math.random() * kinds.length)] ?? kinds[0];
  try {
    faults[kind]?.(path, contents);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  setTimeout(change, Math.random() * 15, path);
}

async function livesOf(directory: string, dtype: WeightDType): Promise<void> {
  const path = writeWeights(directory);
  const own = await live(directory, dtype);
  writeWeights(directory, contents.other);
  const other = await live(directory, dtype);
  const changer = fork(process.argv[1] ?? "", ["change", path]);
  await once(changer, "spawn");
  const counts = { lives: 0, right: 0, refused: 0 };
  try {
    for (let round = 0; round < rounds; round++) {
      renameSync(writeWeights(`${directory}.new`), path);
      const life = await live(directory, dtype, { passes });
      const wrong = wrongWith(life, [own, other]);
      if (wrong !== undefined) throw new Error(`round ${round}: ${wrong}`);
      counts.lives++;
      for (const pass of life.passes) counts["value" in pass ? "right" : "refused"]++;
    }
  } finally {
    changer.kill("SIGKILL");
  }
  console.log(JSON.stringify(counts));
}

const [dtype = "f32", path = ""] = process.argv.slice(2);
if (dtype === "change") {
  change(path);
} else {
  const folder = mkdtempSync(join(tmpdir(), "ripvec-faults-"));
  try {
    await livesOf(join(folder, "model"), dtype as WeightDType);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
