import { DriverUnavailableError } from "@ripvec/core";
import { type OpName, opSpecs } from "@ripvec/core/driver";
import type { NativeAddon } from "./addon.js";
import type { AddonSource } from "./addon-source.js";
import { firstLine } from "./attempt.js";
import { differenceOfOps, differenceOfSpecs } from "./check-ops.js";
import { environmentVariable } from "./environment-variable.js";
import { type FoundAddon, findAddon, loadChosen } from "./find-addon.js";

export interface LoadedAddon<A extends NativeAddon> extends FoundAddon<A> {
  /** The driver's name. */
  readonly driver: string;
  /** The ops that it has kernels for. */
  readonly kernels: readonly OpName[];
}

/**
 * Loads the addon of a driver. If `binaryPath` or the environment variable is given, that file is the only candidate;
 * otherwise the addon comes from the package's prebuilds, else from the optional package for this platform. If the driver's
 * code was bundled, a file beside the bundle comes first, and the packages are those that are installed where the bundle is.
 * `A` is what the addon exports. Throws DriverUnavailableError: with every attempt and what helps on this machine if there
 * is no addon, and with the name of the op if a spec of the installed @ripvec/core or an op of the addon differs from what
 * this version writes commands for.
 */
export function loadAddon<A extends NativeAddon>(
  source: AddonSource,
  binaryPath?: string | URL,
): LoadedAddon<A> {
  checkCore(source);
  const { driver, packageName, kernels, help, environmentVariable: variable } = source;
  const fromEnvironment = environmentVariable(variable);
  const chosen = binaryPath !== undefined && binaryPath !== "";
  const found = chosen
    ? loadChosen<A>(source, binaryPath, "The option binaryPath")
    : fromEnvironment
      ? loadChosen<A>(source, fromEnvironment, variable)
      : findAddon<A>(source);
  const difference = differenceOf(found.addon, kernels);
  if (difference === undefined) return { ...found, driver, kernels };
  const unset = !chosen && fromEnvironment ? `, or unset ${variable}` : "";
  throw new DriverUnavailableError({
    driver,
    tried: [`${found.path} (${difference})`],
    remedy: `The addon is of another version than its package: use that of ${packageName}${unset}: ${help}. The author of the driver builds the addon again, or writes the kernel that it lacks`,
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
