import nodeModule from "node:module";
import { dirname, extname, join } from "node:path";
import { DriverUnavailableError } from "@ripvec/core";
import { platformTag } from "../scripts/platform-tag.mjs";
import type { NativeAddon } from "./addon.js";
import type { AddonSource } from "./addon-source.js";
import { type Attempt, firstLine, isRefusal } from "./attempt.js";
import { wrongFormat } from "./binary-format.js";
import { chosenPath, missingFile } from "./chosen-file.js";
import { type DriverPlace, findDriver, isFile, readManifest, resolveFrom } from "./find-driver.js";
import { explainFailure } from "./load-failure.js";
import { remedyForMissing } from "./missing-addon.js";

export interface FoundAddon<A extends NativeAddon> {
  readonly addon: A;
  /** The file that it was loaded from. */
  readonly path: string;
}

/** Loads the addon from where it is installed. Throws DriverUnavailableError with every attempt. */
export function findAddon<A extends NativeAddon>(source: AddonSource): FoundAddon<A> {
  const tag = platformTag();
  const place = findDriver(source);
  const attempts: Attempt[] = [...place.attempts];
  for (const [candidate, path] of candidatesOf(source, place, tag)) {
    const found = otherVersion(source, candidate, path) ?? loadFile<A>(candidate, path);
    if ("addon" in found) return found;
    attempts.push(found);
  }
  throw unavailable(source, attempts, () => remedyForMissing(source, place, tag));
}

/**
 * Loads the addon that the user chose by a path or a file URL. `chosenBy` names the option or the variable. Throws InputError
 * if `file` is neither, else DriverUnavailableError.
 */
export function loadChosen<A extends NativeAddon>(
  source: AddonSource,
  file: string | URL,
  chosenBy: string,
): FoundAddon<A> {
  const path = chosenPath(file, chosenBy);
  const missing = missingFile(path);
  const found = missing ? { candidate: path, error: missing } : loadFile<A>(path, path);
  if ("addon" in found) return found;
  throw unavailable(
    source,
    [found],
    () =>
      `${chosenBy} names ${missing?.message === "not found" ? "a file that does not exist" : "no file that can be loaded"}: correct it, or leave it out to use the addon that is installed.`,
  );
}

/** Names of candidates, each with its file if there is one. */
function candidatesOf(
  { packageName, fileStem }: AddonSource,
  { root, bundles }: DriverPlace,
  tag: string,
): (readonly [candidate: string, path: string | undefined])[] {
  const file = `${fileStem}.node`;
  const beside = new Set(bundles.map((bundle) => join(dirname(bundle), file)));
  const files = [...beside, ...(root ? [join(root, "prebuilds", tag, file)] : [])];
  const candidates = files.map((path) => [path, isFile(path) ? path : undefined] as const);
  if (root === undefined) return candidates;
  const name = `${packageName}-${tag}`;
  return [...candidates, [name, fileOfPackage(join(root, "package.json"), name, file)]];
}

/** An app that Bun compiled into one file does not resolve a package whose main file is an addon. */
function fileOfPackage(from: string, name: string, file: string): string | undefined {
  const main = resolveFrom(from, name);
  if (main) return main;
  const manifest = resolveFrom(from, `${name}/package.json`);
  const path = manifest && join(dirname(manifest), file);
  return path && isFile(path) ? path : undefined;
}

/**
 * Refuses a package for the platform that is of another version than the driver, even where its ops are the same. A
 * candidate that is a file is named by its path; it has no version of its own.
 */
function otherVersion(
  { packageName, version }: AddonSource,
  candidate: string,
  path: string | undefined,
): Attempt | undefined {
  if (version === undefined || path === undefined || path === candidate) return undefined;
  const found = readManifest(dirname(path))?.version;
  if (found === undefined || found === version) return undefined;
  const error = new Error(`it is of version ${found}, and ${packageName} of version ${version}`);
  return { candidate, path, error };
}

function loadFile<A extends NativeAddon>(
  candidate: string,
  path: string | undefined,
): FoundAddon<A> | Attempt {
  if (path === undefined) return { candidate, error: new Error("not found") };
  try {
    const wrong = extname(path) === ".node" ? wrongFormat(path) : undefined;
    if (wrong) throw new Error(wrong);
    return { addon: nodeModule.createRequire(path)(path) as A, path };
  } catch (error) {
    return { candidate, path, error };
  }
}

/** If a file was found, the error explains why that was not loaded; otherwise it gives the remedy for a missing file. */
function unavailable(
  { driver, packageName, environmentVariable, help }: AddonSource,
  attempts: readonly Attempt[],
  ifMissing: () => string,
): DriverUnavailableError {
  const tag = platformTag();
  const names = {
    platformPackage: `${packageName}-${tag}`,
    tag,
    environmentVariable,
    help,
  };
  const failed =
    attempts.find(({ path, error }) => path && !isRefusal(error)) ??
    attempts.find(({ error }) => isRefusal(error));
  const failure = failed && explainFailure(failed.error, names);
  const others = attempts.filter((attempt) => attempt !== failed);
  const tried = others.map(({ candidate, error }) => `${candidate} (${firstLine(error)})`);
  return new DriverUnavailableError({
    driver: `${driver} for ${tag}, Node ${process.versions.node}`,
    tried:
      failed && failure
        ? [`${failed.path ?? failed.candidate} (${failure.reason})`, ...tried]
        : tried,
    remedy: failure?.remedy ?? ifMissing(),
    ...(failed && { cause: failed.error }),
  });
}
