import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IgnoreRules } from "../../../../apps/cli/src/ignore-rules.js";
import type { Target } from "../target.js";

const probes = [
  "a",
  "a.log",
  ".hidden",
  "src/index.ts",
  "a/b/c/d/e/f.txt",
  " leading",
  "trailing ",
  "[x]!#*?",
  "\u001b[2J\n",
  "ünï/中文.md",
  "a".repeat(200),
  `${"d/".repeat(60)}x`,
];

let folder: string | undefined;

/** A folder of this process, made once; the test or the run deletes it with the process. */
function ownFolder(): string {
  if (folder !== undefined) return folder;
  const made = mkdtempSync(join(tmpdir(), "ripvec-fuzz-"));
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  folder = made;
  return made;
}

/** A .gitignore. */
export const ignoreRules: Target = {
  name: "ignore-rules",
  kind: "bytes",
  maxBytes: 10_000,
  async run(input) {
    const root = ownFolder();
    writeFileSync(join(root, ".gitignore"), input);
    const rules = await (await IgnoreRules.above(root)).enter(root);
    for (const path of probes) {
      rules.ignores(join(root, path), false);
      rules.ignores(join(root, path), true);
    }
  },
};
