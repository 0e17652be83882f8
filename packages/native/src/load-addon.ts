import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { DriverUnavailableError } from "@ripvec/core";
import { platformTag } from "../scripts/platform-tag.mjs";
import type { NativeAddon } from "./addon.js";

/** Where the addon of a driver is looked for, and what the error says when it is not there. */
export interface AddonPlace {
  /** The driver's name, for errors. */
  readonly driver: string;
  /** The npm package of the driver. The addon may also be the package `<packageName>-<platform tag>`. */
  readonly packageName: string;
  /** Path of the folder of that package. The addon lies in `prebuilds/<platform tag>/<fileStem>.node` inside it. */
  readonly packageRoot: string;
  readonly fileStem: string;
  /** The environment variable that names another addon. */
  readonly environmentVariable: string;
  /** The command that builds the addon in a clone of the driver's repository. */
  readonly buildCommand: string;
}

export interface LoadedAddon<A extends NativeAddon> {
  readonly addon: A;
  /** The file or the package that it was loaded from. */
  readonly path: string;
  readonly place: AddonPlace;
}

const loaded = new Map<string, unknown>();

/**
 * Loads the addon of a driver. If `binaryPath` or the environment variable is given, that file is the only candidate;
 * otherwise it is loaded from the package's prebuilds, else from the optional package for this platform. `A` is what
 * the addon exports. Throws DriverUnavailableError that lists every attempt.
 */
export function loadAddon<A extends NativeAddon>(
  place: AddonPlace,
  binaryPath?: string,
): LoadedAddon<A> {
  const chosen = binaryPath ?? process.env[place.environmentVariable];
  const tag = platformTag();
  const file = `${place.fileStem}.node`;
  const candidates = chosen
    ? [resolve(chosen)]
    : [join(place.packageRoot, "prebuilds", tag, file), `${place.packageName}-${tag}`];
  const require = createRequire(join(place.packageRoot, "package.json"));
  const tried: string[] = [];
  for (const path of candidates) {
    try {
      const addon = (loaded.get(path) ?? require(path)) as A;
      loaded.set(path, addon);
      return { addon, path, place };
    } catch (error) {
      tried.push(`${path} (${firstLine(error)})`);
    }
  }
  throw new DriverUnavailableError({
    driver: `${place.driver} for ${tag}, Node ${process.versions.node}`,
    tried,
    remedy:
      `Install ${place.packageName} again, or build the addon: in a clone of the repository, with a C++20 compiler, ` +
      `run \`${place.buildCommand}\`, then set ${place.environmentVariable} or the option binaryPath to the path of ${file}.`,
  });
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n")[0] ?? "";
}
