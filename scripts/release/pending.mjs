/**
 * Prints the packages whose version has no git tag, one line each: what the next release publishes.
 *   node scripts/release/pending.mjs
 */
import { execFileSync } from "node:child_process";
import { root } from "../toolchain.mjs";
import { publicPackages } from "./packages.mjs";

const tags = new Set(
  execFileSync("git", ["tag", "--list"], { cwd: root, encoding: "utf8" }).split("\n"),
);
for (const { manifest } of publicPackages(root)) {
  const tag = `${manifest.name}@${manifest.version}`;
  if (manifest.version !== "0.0.0" && !tags.has(tag)) console.log(tag);
}
