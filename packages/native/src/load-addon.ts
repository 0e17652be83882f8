import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { DriverUnavailableError } from "@ripvec/core";
import { type OpName, opSpecs } from "@ripvec/core/driver";
import { platformTag } from "../scripts/platform-tag.mjs";
import type { NativeAddon } from "./addon.js";
import { differenceOfOps, differenceOfSpecs } from "./check-ops.js";

/** Describes the addon of a driver: where it is looked for, and which ops it must have. */
export interface AddonSource {
  /** The driver's name, for errors. */
  readonly driver: string;
  /** The npm package of the driver. The addon may also be the package `<packageName>-<platform tag>`. */
  readonly packageName: string;
  /**
   * Path of the folder of that package. The addon is `prebuilds/<platform tag>/<fileStem>.node` in
   * it.
   */
  readonly packageRoot: string;
  readonly fileStem: string;
  /** The environment variable that names another addon. */
  readonly environmentVariable: string;
  /** The command that builds the addon in a clone of the driver's repository. */
  readonly buildCommand: string;
  /** The ops that the driver has kernels for: its generated list. */
  readonly kernels: readonly OpName[];
}

export interface LoadedAddon<A extends NativeAddon> {
  readonly addon: A;
  /** The file that it was loaded from. */
  readonly path: string;
  /** The driver's name. */
  readonly driver: string;
  /** The ops that it has kernels for. */
  readonly kernels: readonly OpName[];
}

/**
 * Loads the addon of a driver. If `binaryPath` or the environment variable is given, that file is the only candidate;
 * otherwise the addon comes from the package's prebuilds, else from the optional package for this platform. `A` is what
 * the addon exports. Throws DriverUnavailableError: with every attempt if there is no addon, and with the name of the op
 * if a spec of the installed @ripvec/core or an op of the addon differs from what this version writes commands for.
 */
export function loadAddon<A extends NativeAddon>(
  source: AddonSource,
  binaryPath?: string,
): LoadedAddon<A> {
  checkCore(source);
  const { driver, kernels, environmentVariable, buildCommand } = source;
  const fromEnvironment = process.env[environmentVariable];
  const found = load<A>(source, binaryPath ?? fromEnvironment);
  const difference = differenceOf(found.addon, kernels);
  if (difference === undefined) return { ...found, driver, kernels };
  const chosenByVariable = binaryPath === undefined && fromEnvironment;
  throw new DriverUnavailableError({
    driver,
    tried: [`${found.path} (${difference})`],
    remedy:
      `The addon is of another version than its package: install it again, or build it with \`${buildCommand}\`` +
      `${chosenByVariable ? `, or unset ${environmentVariable}` : ""}.`,
  });
}

function checkCore({ driver, packageName, kernels }: AddonSource): void {
  const difference = differenceOfSpecs(opSpecs, kernels);
  if (difference === undefined) return;
  throw new DriverUnavailableError({
    driver,
    tried: [`@ripvec/core (${difference})`],
    remedy: `Install versions of @ripvec/core and ${packageName} that belong together.`,
  });
}

/** An addon that cannot list its ops is of another version too. */
function differenceOf(addon: NativeAddon, kernels: readonly OpName[]): string | undefined {
  try {
    return differenceOfOps(addon.ops(), kernels);
  } catch (error) {
    return firstLine(error);
  }
}

function load<A extends NativeAddon>(
  source: AddonSource,
  chosen: string | undefined,
): Pick<LoadedAddon<A>, "addon" | "path"> {
  const tag = platformTag();
  const file = `${source.fileStem}.node`;
  const candidates = chosen
    ? [resolve(chosen)]
    : [join(source.packageRoot, "prebuilds", tag, file), `${source.packageName}-${tag}`];
  const require = createRequire(join(source.packageRoot, "package.json"));
  const tried: string[] = [];
  for (const candidate of candidates) {
    try {
      const path = require.resolve(candidate);
      return { addon: require(path) as A, path };
    } catch (error) {
      tried.push(`${candidate} (${firstLine(error)})`);
    }
  }
  throw new DriverUnavailableError({
    driver: `${source.driver} for ${tag}, Node ${process.versions.node}`,
    tried,
    remedy:
      `Install ${source.packageName} again, or build the addon: in a clone of the repository, with a C++20 compiler, ` +
      `run \`${source.buildCommand}\`, then set ${source.environmentVariable} or the option binaryPath to the path of ${file}.`,
  });
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n")[0] ?? "";
}
