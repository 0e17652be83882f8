import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Fetches `<name>@<version>` from npm into the folder at `path`, if that does not exist. Returns `path`. Throws if the package
 * has another integrity.
 */
export function fetchPackage(path, spec, integrity) {
  if (existsSync(path)) return path;
  mkdirSync(dirname(path), { recursive: true });
  const folder = mkdtempSync(`${path}.`);
  try {
    const options = { cwd: folder, encoding: "utf8", shell: process.platform === "win32" };
    const file = join(folder, execFileSync("npm", ["pack", spec, "--silent"], options).trim());
    const found = `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
    if (found !== integrity) throw new Error(`${spec}: integrity ${found}, expected ${integrity}`);
    execFileSync("tar", ["-xzf", file], { cwd: folder });
    renameSync(join(folder, "package"), path);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return path;
}
