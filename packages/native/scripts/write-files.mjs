import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Compares the given texts with the files at their paths, and writes those that differ, or none if
 * `check` is set. Returns the paths of the files that differ.
 */
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
