import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes the files, given as pairs of path and text, that differ; with `check` none. Returns the paths of those. */
export function writeFiles(files, { check }) {
  const differing = [...files].filter(
    ([path, text]) => !existsSync(path) || readFileSync(path, "utf8") !== text,
  );
  if (!check) {
    for (const [path, text] of differing) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }
  return differing.map(([path]) => path);
}
