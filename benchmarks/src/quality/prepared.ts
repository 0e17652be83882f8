import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Options } from "./options.js";

/** The texts of a yardstick, and the hits of engines outside of this process. */
export interface PreparedYardstick {
  readonly name: string;
  readonly directory: string;
  /** Digest of its three files. */
  readonly sha256: string;
  /** Whether it is the digest in quality/digests.json: figures can be compared only then. */
  readonly asRecorded: boolean;
  readonly runs: readonly { readonly engine: string; readonly file: string }[];
}

/** The result of quality/prepare.mjs. */
export interface Prepared {
  readonly yardsticks: readonly PreparedYardstick[];
  /** The folder of the model that the built-in one was made from. */
  readonly original: string | null;
  /** Sources that are not available here, and why. */
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
}

const program = fileURLToPath(new URL("../../quality/prepare.mjs", import.meta.url));

/**
 * Prepares the yardsticks, or takes them from the cache. Rejects when this fails for another reason
 * than a missing source.
 */
export async function prepare(
  yardsticks: readonly string[],
  folders: Pick<Options, "cranfield" | "original">,
): Promise<Prepared> {
  const folder = await mkdtemp(join(tmpdir(), "ripvec-quality-"));
  try {
    const manifest = join(folder, "manifest.json");
    const where = (["cranfield", "original"] as const).flatMap((name) => {
      const folder = folders[name];
      return folder === undefined ? [] : [`--${name}`, folder];
    });
    await runNode([program, manifest, ...where, ...yardsticks]);
    return JSON.parse(await readFile(manifest, "utf8"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Its output is the progress of this run: standard error. */
function runNode(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", 2, 2] });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error("the yardsticks could not be prepared, see above")),
    );
  });
}
