import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "tsup";

const core = fileURLToPath(new URL("../../../core/src", import.meta.url));
const signature = fileURLToPath(new URL("../../src/op-signature.ts", import.meta.url));

/**
 * What the generator reads of core's sources: `opSpecs`, `takesLayout`, `scalarDTypes` and `dtypeByteLength` of
 * `@ripvec/core/driver`, and in `opModules` everything that the files of `ops/` export. With it comes `opSignature` of
 * this package.
 */
export async function loadCore() {
  const folder = mkdtempSync(join(tmpdir(), "ripvec-ops-"));
  try {
    const entry = join(folder, "entry.ts");
    writeFileSync(entry, entryText());
    await build({
      entry: { core: entry },
      outDir: folder,
      format: "esm",
      outExtension: () => ({ js: ".mjs" }),
      config: false,
      silent: true,
      noExternal: [/.*/],
      tsconfig: join(core, "../tsconfig.json"),
    });
    return await import(pathToFileURL(join(folder, "core.mjs")).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function entryText() {
  const stems = readdirSync(join(core, "ops")).map((file) => basename(file, ".ts"));
  const path = (file) => JSON.stringify(join(core, file));
  return [
    `export * from ${path("for-drivers.ts")};`,
    `export * from ${JSON.stringify(signature)};`,
    ...stems.map((stem) => `import * as ${stem} from ${path(`ops/${stem}.ts`)};`),
    `export const opModules = [${stems.join(", ")}];`,
    "",
  ].join("\n");
}
