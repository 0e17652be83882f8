import { existsSync, statSync } from "node:fs";
import { required } from "./driver-package.mjs";

/**
 * Checks, before publishing, that prebuilds/ has an addon that is not empty for every platform that
 * the driver names.
 */
export function checkPrebuilds(driver) {
  const missing = required(driver, "platforms")
    .map(driver.prebuild)
    .filter((path) => !existsSync(path) || statSync(path).size === 0);
  for (const path of missing) console.error(`missing: ${path}`);
  if (missing.length > 0) {
    console.error(
      "Build each on its platform, or take the artifacts of the continuous integration.",
    );
  }
  return missing.length === 0;
}
