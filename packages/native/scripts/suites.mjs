import { join, parse } from "node:path";
import { required } from "./driver-package.mjs";
import { linkAddon } from "./link.mjs";

/**
 * Builds the addon in a folder of its own below build/, and bundles the suites of the driver for plain Node.
 * Returns the suites with their scripts, and the variable that makes them load that addon. Without suites it builds
 * nothing.
 */
export async function prepareSuites(driver, target, name) {
  if (driver.suites.length === 0) return { suites: [], env: {} };
  const variable = required(driver, "environmentVariable");
  const { bundle } = await import("./bundle.mjs");
  const folder = join(driver.root, "build", name);
  const addon = await linkAddon(driver, target, join(folder, `${driver.addon}.node`));
  const suites = [];
  for (const entry of driver.suites) {
    const suite = parse(entry).name;
    const script = await bundle(driver.root, join(driver.root, entry), join(folder, suite));
    suites.push({ suite, script });
  }
  return { suites, env: { [variable]: addon } };
}
