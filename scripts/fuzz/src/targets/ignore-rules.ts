import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bytesOf } from "../../../../apps/cli/src/byte-path.js";
import { IgnoreRules } from "../../../../apps/cli/src/ignore-rules.js";
import type { Target } from "../target.js";
import { ownFolder } from "./own-folder.js";

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

/** A .gitignore. */
export const ignoreRules: Target = {
  name: "ignore-rules",
  kind: "bytes",
  maxBytes: 10_000,
  async run(input) {
    const root = ownFolder();
    writeFileSync(join(root, ".gitignore"), input);
    const folder = bytesOf(root);
    const above = await IgnoreRules.above(folder, () => undefined);
    const rules = await above.enter(folder);
    for (const path of probes) {
      rules.ignores(`${folder}/${bytesOf(path)}`, false);
      rules.ignores(`${folder}/${bytesOf(path)}`, true);
    }
  },
};
