/**
 * Bundles a TypeScript entry with the sources of the packages, which the `paths` of
 * tsconfig.base.json name.
 */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "tsup";

const app = fileURLToPath(new URL("..", import.meta.url));
const { dependencies } = JSON.parse(readFileSync(join(app, "package.json"), "utf8"));
const external = Object.keys(dependencies).filter((name) => !name.startsWith("@ripvec/"));

/** Model packages find their files next to themselves, wherever the bundle lies. */
const modelsInPlace = {
  name: "models-in-place",
  setup({ onLoad }) {
    onLoad(
      { filter: /[\\/]packages[\\/]model-[^\\/]+[\\/]src[\\/]index\.ts$/ },
      async ({ path }) => {
        const source = await readFile(path, "utf8");
        const url = JSON.stringify(pathToFileURL(path).href);
        return { contents: source.replaceAll("import.meta.url", url), loader: "ts" };
      },
    );
  },
};

/**
 * Writes `<name>.js` into apps/cli/build, where package.json is one folder up, as it is from dist.
 * Resolves with its path.
 */
export async function bundle(name, entry) {
  const outDir = join(app, "build");
  await build({
    config: false,
    entry: { [name]: join(app, entry) },
    outDir,
    format: ["esm"],
    target: "es2022",
    splitting: false,
    silent: true,
    external,
    noExternal: [/^@ripvec\//, "undici"],
    loader: { ".wgsl": "text" },
    // undici calls `require` for Node's modules, which does not exist in an ES module bundle.
    banner: {
      js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
    },
    esbuildPlugins: [modelsInPlace],
  });
  return join(outDir, `${name}.js`);
}
