/** Bundles a TypeScript entry with the sources of the workspace's packages, so that no build of theirs can be stale. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsup";

const app = fileURLToPath(new URL("..", import.meta.url));
const packages = join(app, "../../packages");

/** Packages of models are not bundled: they find their files beside themselves. */
const bundled = readdirSync(packages).filter((name) => !name.startsWith("model-"));
const alias = Object.fromEntries(
  bundled.map((name) => [`@ripvec/${name}`, join(packages, name, "src/index.ts")]),
);

const { dependencies } = JSON.parse(readFileSync(join(app, "package.json"), "utf8"));
const external = Object.keys(dependencies).filter((name) => !(name in alias));

/**
 * Writes `<name>.js` into apps/cli/build, from where package.json is one folder up as it is from
 * dist. Resolves with its path.
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
    noExternal: [/^@ripvec\/(?!model-)/, "undici"],
    // undici requires Node's modules, which a bundle of modules has no function for.
    banner: {
      js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
    },
    esbuildOptions(options) {
      options.alias = alias;
    },
  });
  return join(outDir, `${name}.js`);
}
