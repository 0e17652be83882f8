import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (name: string, entry = "index") =>
  fileURLToPath(new URL(`./packages/${name}/src/${entry}.ts`, import.meta.url));

/**
 * Tests run against the sources of every package, so no build can be stale. Only those that run an example as users do
 * need the built packages.
 */
export default defineConfig({
  resolve: {
    alias: {
      "@ripvec/core/driver": source("core", "for-drivers"),
      "@ripvec/core/arch": source("core", "for-archs"),
      "@ripvec/core": source("core"),
      "@ripvec/driver-testkit/node": fileURLToPath(
        new URL("./packages/driver-testkit/src/node.ts", import.meta.url),
      ),
      "@ripvec/driver-testkit": source("driver-testkit"),
      "@ripvec/driver-cpu": source("driver-cpu"),
      "@ripvec/arch-classic-bert": source("arch-classic-bert"),
      "@ripvec/arch-kit": source("arch-kit"),
      "@ripvec/model-all-minilm-l6-v2/files": fileURLToPath(
        new URL("./packages/model-all-minilm-l6-v2/src/files.ts", import.meta.url),
      ),
      "@ripvec/model-all-minilm-l6-v2": source("model-all-minilm-l6-v2"),
      "@ripvec/hub/browser": fileURLToPath(
        new URL("./packages/hub/src/browser.ts", import.meta.url),
      ),
      "@ripvec/hub": source("hub"),
    },
  },
  test: {
    projects: ["packages/*", "apps/*", "benchmarks", "examples/*", "scripts/fuzz"].map((glob) => ({
      extends: true as const,
      test: { name: glob, include: [`${glob}/test/**/*.test.ts`], testTimeout: 60_000 },
    })),
    pool: "forks",
    maxWorkers: 2,
  },
});
