import { existsSync, readFileSync, statSync } from "node:fs";
// A default import, because webpack replaces calls of the named import `createRequire` by `undefined`.
import nodeModule from "node:module";
import { isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { InputError, UnsupportedError } from "@ripvec/core";
import type { PartKind } from "./platform.js";

interface Wanted {
  readonly kind: PartKind;
  /** An npm name or a path. */
  readonly name: string;
  /** Short names, for the error. */
  readonly supported: readonly string[];
  /** The folder from which packages are found, absolute. */
  readonly from: string;
}

/** The words of messages. */
const nouns: Readonly<Record<PartKind, string>> = { driver: "driver", arch: "architecture" };

/**
 * Imports a package or a file by its name, as a program in the folder `from` would. Throws
 * UnsupportedError when there is none, and InputError when it cannot be loaded.
 */
export async function importInstalled(wanted: Wanted): Promise<object> {
  const path = find(wanted);
  try {
    return await import(/* webpackIgnore: true */ /* @vite-ignore */ pathToFileURL(path).href);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError(`${wanted.name} cannot be loaded from ${path}: ${reason}`, { cause });
  }
}

function find({ kind, name, supported, from }: Wanted): string {
  const require = nodeModule.createRequire(join(from, "package.json"));
  try {
    return require.resolve(name);
  } catch (error) {
    const path = importEntry(name, isPath(name) ? [from] : (require.resolve.paths(name) ?? []));
    if (path !== undefined) return path;
    if (!isNotFound(error)) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new InputError(`${name} cannot be loaded: ${reason}`, { cause: error });
    }
    throw new UnsupportedError({
      what: nouns[kind],
      value: name,
      supported,
      remedy: remedyFor(kind, name, from),
    });
  }
}

const isPath = (name: string): boolean => /^\.{0,2}[\\/]/.test(name) || isAbsolute(name);

const isNotFound = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND";

function remedyFor(kind: PartKind, name: string, from: string): string {
  if (isPath(name)) {
    const path = resolve(from, name);
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
    if (isFolder) return `${path} is a folder; name its file`;
    return `There is no such file, as seen from ${from}`;
  }
  if (/^@[^/]+\/|^ripvec-/.test(name)) {
    return `The package is not installed where ${from} finds packages: npm install ${name}`;
  }
  const example = `ripvec-${kind}-x`;
  return `Other ${nouns[kind]}s are named by their npm package, such as "${example}", or by a path, such as "./${kind}.js"; ${from} finds no package of this name`;
}

/**
 * The file of a package whose exports only `import` can reach, which `require.resolve` refuses. `name` is that of the
 * package or the path of its folder, and `folders` are those that may hold it.
 */
function importEntry(name: string, folders: readonly string[]): string | undefined {
  const folder = folders.map((each) => resolve(each, name)).find(hasManifest);
  if (folder === undefined) return undefined;
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const { exports } = manifest as { readonly exports?: unknown };
  const target = importTarget(isRecord(exports) && "." in exports ? exports["."] : exports);
  return target === undefined ? undefined : join(folder, target);
}

const hasManifest = (folder: string): boolean => existsSync(join(folder, "package.json"));

/** The path under the first condition that holds for `import` in Node. */
function importTarget(target: unknown): string | undefined {
  if (typeof target === "string") return target;
  if (!isRecord(target)) return undefined;
  const isMet = (condition: string): boolean => ["node", "import", "default"].includes(condition);
  const [, met] = Object.entries(target).find(([condition]) => isMet(condition)) ?? [];
  return importTarget(met);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
