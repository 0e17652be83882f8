import { join, parse } from "node:path";
import { bundle } from "./bundle.mjs";
import { linkAddon } from "./link.mjs";

/**
 * Builds the addon in a folder of its own below build/, and bundles the suites of the driver for plain Node.
 * Returns the suites with their scripts, and the variable that makes them load that addon.
 */
export async function prepareSuites(driver, target, name) {
  const folder = join(driver.root, "build", name);
  const addon = await linkAddon(driver, target, join(folder, `${driver.addon}.node`));
  const suites = [];
  for (const entry of driver.suites) {
    const suite = parse(entry).name;
    const script = await bundle(driver.root, join(driver.root, entry), join(folder, suite));
    suites.push({ suite, script });
  }
  return { suites, env: { [driver.environmentVariable]: addon } };
}
