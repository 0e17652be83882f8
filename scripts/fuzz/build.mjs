/** Bundles the fuzzer with the sources of the packages, and puts counters into these. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "tsup";
import { root } from "../toolchain.mjs";
import { counterCount, instrument } from "./instrument.mjs";

const ours = /(packages|apps)[\\/][^\\/]+[\\/]src[\\/].*\.ts$/;
/** Generated tables. Their strings are not words of a format, and they have no branches. */
const generated = /[\\/]generated[\\/]/;

/** Writes child.mjs and dictionary.json into the folder. */
export async function buildFuzzer(folder) {
  let counters = 0;
  const words = new Set();
  const counting = {
    name: "counters",
    setup({ onLoad }) {
      onLoad({ filter: ours }, ({ path }) => {
        if (generated.test(path)) return undefined;
        const source = readFileSync(path, "utf8");
        const contents = instrument(
          source,
          path,
          () => counters++,
          (text) => {
            if (/^[ -~]{1,40}$/.test(text)) words.add(text);
          },
        );
        return { contents, loader: "js" };
      });
    },
  };
  await build({
    config: false,
    silent: true,
    entry: [join(root, "scripts", "fuzz", "src", "child.ts")],
    outDir: folder,
    format: ["esm"],
    outExtension: () => ({ js: ".mjs" }),
    target: "es2022",
    platform: "node",
    splitting: false,
    noExternal: [/./],
    banner: {
      js: `globalThis.__fuzzCounters = new Uint8Array(${counterCount});
import { createRequire as __createRequire } from "node:module";
const require = __createRequire(import.meta.url);`,
    },
    esbuildPlugins: [counting],
  });
  writeFileSync(join(folder, "dictionary.json"), JSON.stringify([...words]));
  return { counters, words: words.size };
}
