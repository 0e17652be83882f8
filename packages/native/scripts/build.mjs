import { statSync } from "node:fs";
import { linkAddon } from "./link.mjs";
import { targetOf } from "./target.mjs";

/**
 * Builds the addon of a driver with a plain C++20 compiler into platforms/<platform tag>/<addon>.node if the driver has a
 * package for the platform, else into prebuilds/<platform tag>/<addon>.node. Objects are kept in build/, and compiled
 * again when a file that they include, or a flag, changed. Returns the path of the addon.
 */
export async function buildAddon(driver) {
  const target = targetOf();
  const output = await linkAddon(driver, target, driver.prebuild(target.tag));
  if (target.isNative) driver.require(output);
  return output;
}

export async function build(driver) {
  const started = performance.now();
  const output = await buildAddon(driver);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${output}: ${Math.round(statSync(output).size / 1024)} KiB, ${seconds} s`);
  return true;
}
