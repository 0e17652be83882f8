/**
 * Writes src/golden-values.ts, what the self-check expects, from the testkit's reference in f64:
 * node packages/driver-webgpu/scripts/golden.mjs
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "tsup";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "golden-"));
try {
  await build({
    entry: { golden: here("golden-reference.mts") },
    outDir: folder,
    format: "esm",
    outExtension: () => ({ js: ".mjs" }),
    config: false,
    silent: true,
    noExternal: [/.*/],
    tsconfig: here("../tsconfig.json"),
    esbuildOptions(options) {
      options.alias = {
        "@ripvec/core/driver": here("../../core/src/for-drivers.ts"),
        "@ripvec/core/arch": here("../../core/src/for-archs.ts"),
        "@ripvec/core": here("../../core/src/index.ts"),
        "@ripvec/driver-testkit": here("../../driver-testkit/src/index.ts"),
      };
    },
  });
  const { goldenReference } = await import(pathToFileURL(join(folder, "golden.mjs")).href);
  const numbers = [...(await goldenReference())].map((value) => Number(value.toPrecision(8)));
  const text = `/** Results of the golden cases, one after the other. Written by scripts/golden.mjs. */
// biome-ignore format: generated
export const goldenValues: readonly number[] = [
${chunks(numbers, 8)
  .map((row) => `  ${row.join(", ")},\n`)
  .join("")}];
`;
  writeFileSync(here("../src/golden-values.ts"), text);
  console.log(`golden: ${numbers.length} values`);
} finally {
  rmSync(folder, { recursive: true });
}

function chunks(values, size) {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) =>
    values.slice(i * size, (i + 1) * size),
  );
}
