import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isRipvecError } from "@ripvec/core";
import { expect, test } from "vitest";
import { convertModel } from "../../src/index.js";
import { tempDir, writeFiles } from "../temp-dir.js";
import { beforeEveryCall, systemError } from "./failing-steps.js";
import { toyArch, toyModel } from "./toy-model.js";

/** A bound, so that a missing end does not hang the test. */
const longest = 120_000;

/** The model needs only these files, and fewer files make fewer steps. */
const needed = ["config.json", "model.safetensors", "tokenizer.json", "sentence_bert_config.json"];
const few = [...needed, "README.md"];
const model = Object.entries(toyModel()).filter(([path]) => few.includes(path));

interface Attempt {
  /**
   * The step at which something was done, such as "write"; undefined when there was no further
   * step.
   */
  readonly at: string | undefined;
  readonly error: unknown;
  /** The entries of the folder afterwards, besides the model. */
  readonly left: readonly string[];
  /** The files of the result, if there is one. */
  readonly written: readonly string[];
}

/**
 * Converts repeatedly, and does something at the first step, then at the second, … until there is
 * no further step.
 */
async function convertUntilDone(
  act: (name: string) => void,
  signal: () => AbortSignal | undefined,
): Promise<Attempt[]> {
  const folder = await tempDir();
  const original = await writeFiles(join(folder, "original"), Object.fromEntries(model));
  const out = join(folder, "out");
  let [step, wanted] = [0, 0];
  let at: string | undefined;
  beforeEveryCall((name) => {
    if (step++ !== wanted) return;
    at = name;
    act(name);
  });
  const attempts: Attempt[] = [];
  do {
    [step, at] = [0, undefined];
    const options = { arch: toyArch, dtype: "i8", out, signal: signal() } as const;
    const error: unknown = await convertModel(original, options).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    const left = readdirSync(folder).filter((name) => name !== "original");
    const written = existsSync(out) ? readdirSync(out) : [];
    attempts.push({ at, error, left, written });
    if (existsSync(out)) rmSync(out, { recursive: true });
    wanted++;
  } while (at !== undefined);
  return attempts;
}

test(
  "a failure of the system at any step leaves nothing behind, and the error names it",
  async () => {
    const attempts = await convertUntilDone(
      (name) => {
        throw systemError("EIO", name);
      },
      () => undefined,
    );
    const failed = attempts.slice(0, -1);
    // A folder that cannot be listed is not a failure, because the needed files are requested by
    // name.
    const listing = failed.filter(({ error }) => error === undefined);
    expect(listing.map(({ at, left }) => ({ at, left }))).toEqual([
      { at: "readdir", left: ["out"] },
    ]);
    expect(listing[0]?.written).toEqual(expect.arrayContaining(needed));
    for (const { at, error, left } of failed) {
      if (error === undefined) continue;
      expect({ at, left }).toEqual({ at, left: [] });
      if (!isRipvecError(error)) throw error;
      expect(error.message).toMatch(/EIO/);
    }
    expect(attempts.at(-1)).toMatchObject({ at: undefined, error: undefined, left: ["out"] });
    const kinds = new Set(failed.map(({ at }) => at));
    for (const name of [
      "access",
      "mkdir",
      "open",
      "write",
      "sync",
      "readSync",
      "createReadStream",
      "rename",
    ])
      expect(kinds).toContain(name);
  },
  longest,
);

test(
  "an abort at any step leaves nothing behind, or the whole model",
  async () => {
    const reason = new Error("stop");
    let controller = new AbortController();
    const attempts = await convertUntilDone(
      () => controller.abort(reason),
      () => {
        controller = new AbortController();
        return controller.signal;
      },
    );
    for (const { at, error, left } of attempts) {
      if (error === undefined) expect(left, at).toEqual(["out"]);
      else expect({ at, error, left }).toEqual({ at, error: reason, left: [] });
    }
    const stopped = attempts.filter(({ error }) => error !== undefined);
    expect(stopped.length).toBeGreaterThan(attempts.length / 2);
  },
  longest,
);
