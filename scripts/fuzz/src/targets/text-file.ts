import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { printable } from "@ripvec/core";
import { bytesOf } from "../../../../apps/cli/src/byte-path.js";
import { readText } from "../../../../apps/cli/src/read-text.js";
import { invariant, type Target } from "../target.js";
import { ownFolder } from "./own-folder.js";

/** A file of a tree that is searched. The result is its text, or the reason why it is left out. */
export const textFile: Target = {
  name: "text-file",
  kind: "bytes",
  async run(input) {
    const path = join(ownFolder(), "file.md");
    writeFileSync(path, input);
    const file = {
      absolutePath: bytesOf(path),
      path: "file.md",
      byteLength: input.length,
      named: false,
      isStream: false,
      isTest: false,
    };
    const read = await readText(file, new AbortController().signal);
    if ("text" in read) invariant(!/\p{Surrogate}/u.test(read.text), "half a character");
    else
      invariant(printable(read.detail ?? "") === (read.detail ?? ""), "a reason is not printable");
  },
};
