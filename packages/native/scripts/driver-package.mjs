import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

/**
 * The package of a native driver: its folder, and the field `ripvec` of its package.json, whose members the README of
 * this package lists.
 */
export function driverPackage(folder = process.cwd()) {
  const root = resolve(folder);
  const { ripvec } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  if (typeof ripvec?.addon !== "string" || !Array.isArray(ripvec.sources)) {
    throw new Error(
      `${join(root, "package.json")} needs the field "ripvec" with "addon" and "sources"; run this command in the folder of a native driver`,
    );
  }
  return {
    binding: [],
    variants: [],
    suites: [],
    ...ripvec,
    root,
    require: createRequire(join(root, "package.json")),
    /** The path that the addon for a target must have: in the package for that platform, if there is one. */
    prebuild: (tag) => join(addonFolder(root, tag), `${ripvec.addon}.node`),
  };
}

function addonFolder(root, tag) {
  const platformPackage = join(root, "platforms", tag);
  return existsSync(platformPackage) ? platformPackage : join(root, "prebuilds", tag);
}

/**
 * The value of a member of the field `ripvec` that a command requires. Throws if it is absent or
 * empty.
 */
export function required(driver, member) {
  const value = driver[member];
  if (value === undefined || value.length === 0)
    throw new Error(`package.json needs ripvec.${member}`);
  return value;
}

/** Throws if the package has neither native tests nor suites. */
export function expectTests({ tests, suites }) {
  if (!tests && suites.length === 0) {
    throw new Error("package.json needs ripvec.tests or ripvec.suites");
  }
}
