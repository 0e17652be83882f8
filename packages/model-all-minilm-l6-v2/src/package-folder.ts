import { readFileSync } from "node:fs";
// A default import, because webpack replaces calls of the named import `createRequire` by `undefined`.
import nodeModule from "node:module";
import { basename, dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";

const name = "@ripvec/model-all-minilm-l6-v2";

/**
 * The folder of this package, for the files that the running code may be in. If the code was bundled, this is the package
 * that is installed where the bundle is; if none is, it is the folder `model-all-minilm-l6-v2` beside the bundle, whether
 * it exists or not. Throws nothing, because it runs when the package is imported.
 */
export function packageFolder(codeFiles: readonly (string | undefined)[]): string {
  const files = [...executable(), ...codeFiles, process.argv[1]].flatMap(
    (file) => pathOf(file) ?? [],
  );
  const own = files.map((file) => dirname(dirname(file))).find(holdsThisPackage);
  if (own) return own;
  const copies = files.map((file) => join(dirname(file), "model-all-minilm-l6-v2"));
  return copies.find(holdsThisPackage) ?? files.map(installed).find(Boolean) ?? copies[0] ?? "";
}

/** The program of this process, if that is not a runtime but an app that was compiled into one file. */
function executable(): string[] {
  return /^(node|bun|deno)(\.exe)?$/.test(basename(process.execPath)) ? [] : [process.execPath];
}

function pathOf(file: string | undefined): string | undefined {
  if (!file?.startsWith("file:")) return file && isAbsolute(file) ? file : undefined;
  try {
    return fileURLToPath(file);
  } catch {
    return undefined;
  }
}

function holdsThisPackage(folder: string): boolean {
  try {
    const manifest = readFileSync(join(folder, "package.json"), "utf8");
    return (JSON.parse(manifest) as { name?: unknown }).name === name;
  } catch {
    return false;
  }
}

function installed(file: string): string | undefined {
  try {
    return dirname(nodeModule.createRequire(file).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}
