import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** A package as a third party publishes it, with its own copy of everything that it uses. */
export interface PartPackage {
  /** The TypeScript source, which may import the packages of this repository. */
  readonly source: string;
  readonly format: "esm" | "cjs";
  /** `exports` of package.json; absent: `main`. */
  readonly exports?: unknown;
}

/** Writes the package into `node_modules` of a folder. Its program is `index.js`. */
export async function installPackage(
  folder: string,
  name: string,
  { source, format, exports }: PartPackage,
): Promise<void> {
  const place = join(folder, "node_modules", name);
  const entry = exports === undefined ? { main: "./index.js" } : { exports };
  const type = format === "esm" ? "module" : "commonjs";
  await writeBundle(join(place, "index.js"), source, format);
  writeFileSync(join(place, "package.json"), JSON.stringify({ name, type, ...entry }));
}

/** Bundles the source, and what it imports, into one file. */
export async function writeBundle(
  path: string,
  source: string,
  format: "esm" | "cjs",
): Promise<void> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: join(root, "apps/cli"), loader: "ts" },
    tsconfig: join(root, "tsconfig.base.json"),
    bundle: true,
    write: false,
    format,
    platform: "node",
  });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, outputFiles[0]?.contents ?? "");
}
