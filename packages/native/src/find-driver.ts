import { readFileSync, statSync } from "node:fs";
// A default import, because webpack replaces calls of the named import `createRequire` by `undefined`.
import nodeModule from "node:module";
import { basename, dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AddonSource } from "./addon-source.js";
import { type Attempt, isRefusal } from "./attempt.js";

interface Manifest {
  readonly name?: string;
  readonly version?: string;
}

export interface DriverPlace {
  /** The folder of the driver's package, unless none was found. */
  readonly root?: string;
  /** If the running code is not in the driver's package: the files of which one may be the bundle with that code. */
  readonly bundles: readonly string[];
  /** Folders that hold another version, or that must not be read. */
  readonly attempts: readonly Attempt[];
}

/**
 * Finds the folder of the driver's package. If the driver's code was bundled, this is the package of the same version that
 * is installed where the bundle is. The working directory is not searched: a program that is started in a folder with the
 * files of somebody else must not load native code from it.
 */
export function findDriver(source: AddonSource): DriverPlace {
  const attempts: Attempt[] = [];
  const files = source.codeFiles.flatMap((file) => pathOf(file) ?? []);
  for (const file of files) {
    const root = enclosingPackage(file, source, attempts);
    if (root) return { root, bundles: [], attempts };
  }
  const bundles = [...new Set([...executable(), ...files, ...script()])];
  for (const bundle of bundles) {
    const root = installedPackage(bundle, source, attempts);
    if (root) return { root, bundles, attempts };
  }
  return { bundles, attempts };
}

/** The script that was started, since the code of a bundle may name the original files instead of the bundle. */
function script(): string[] {
  const path = pathOf(process.argv[1]);
  return path ? [path] : [];
}

/** The program of this process, if that is not a runtime but an app that was compiled into one file. */
function executable(): string[] {
  return /^(node|bun|deno)(\.exe)?$/.test(basename(process.execPath)) ? [] : [process.execPath];
}

/** Undefined for addresses that are not files, such as those that some bundlers make up. */
function pathOf(file: string | undefined): string | undefined {
  if (!file?.startsWith("file:")) return file && isAbsolute(file) ? file : undefined;
  try {
    return fileURLToPath(file);
  } catch {
    return undefined;
  }
}

/** The nearest folder above `file` that holds the driver's package. */
function enclosingPackage(
  file: string,
  { packageName }: AddonSource,
  attempts: Attempt[],
): string | undefined {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (readManifest(folder, attempts)?.name === packageName) return folder;
  }
  return undefined;
}

/** The package that an import in `file` would find. */
function installedPackage(
  file: string,
  { packageName, version }: AddonSource,
  attempts: Attempt[],
): string | undefined {
  const path = resolveFrom(file, `${packageName}/package.json`);
  const root = path && dirname(path);
  const found = root && readManifest(root, attempts);
  if (!found) return undefined;
  if (version === undefined || found.version === version) return root;
  if (!attempts.some(({ candidate }) => candidate === root)) {
    const error = new Error(`version ${found.version}, but version ${version} was bundled`);
    attempts.push({ candidate: root, error });
  }
  return undefined;
}

/** What `require.resolve` gives in the file `from`, or undefined. */
export function resolveFrom(from: string, id: string): string | undefined {
  try {
    return nodeModule.createRequire(from).resolve(id);
  } catch {
    return undefined;
  }
}

/** True also where the runtime may not look, so that loading the file reports the refusal. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch (error) {
    return isRefusal(error);
  }
}

/** The manifest in a folder, or undefined. `attempts` gets an entry if the runtime may not read it. */
export function readManifest(folder: string, attempts?: Attempt[]): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  } catch (error) {
    if (isRefusal(error)) attempts?.push({ candidate: folder, error });
    return undefined;
  }
}
