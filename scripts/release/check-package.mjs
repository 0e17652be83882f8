/**
 * The script `prepack` of every public package, run in its folder: fails unless the files that package.json names are there. pnpm
 * leaves `prepack` out of the package.json that it packs, so those who install a package never see it.
 */
import { readFileSync } from "node:fs";
import { missingFiles } from "./packages.mjs";

function problemOf(manifest) {
  if (!process.env.npm_config_user_agent?.startsWith("pnpm/"))
    return `${manifest.name} can only be packed by pnpm, because npm leaves "workspace:" in package.json; see "Release" in CONTRIBUTING.md`;
  const missing = missingFiles(".", manifest);
  if (missing.length === 0) return undefined;
  const command = missing.some((path) => path.endsWith(".node"))
    ? "Build the addon on its platform: npx pnpm@10 --filter @ripvec/driver-cpu build:native"
    : "Build the packages first: npx pnpm@10 run build";
  return `${manifest.name} is not built. Missing or empty: ${missing.join(", ")}. ${command}`;
}

const problem = problemOf(JSON.parse(readFileSync("package.json", "utf8")));
if (problem) {
  console.error(problem);
  process.exitCode = 1;
}
