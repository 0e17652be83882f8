import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

interface BaseConfig {
  readonly compilerOptions: { readonly paths: Readonly<Record<string, readonly [string]>> };
}

const base: BaseConfig = JSON.parse(
  readFileSync(new URL("tsconfig.base.json", import.meta.url), "utf8"),
);

/** The sources of every entry of every package, as the compiler finds them. scripts/check-paths.mjs proves them complete. */
const alias = Object.entries(base.compilerOptions.paths).map(([name, [source]]) => ({
  find: new RegExp(`^${name}$`),
  replacement: fileURLToPath(new URL(source, import.meta.url)),
}));

/**
 * Tests run against the sources of every package, so that no test depends on a build. The exceptions are the tests
 * that run an example the way users do.
 */
export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      "packages/*",
      "apps/*",
      "benchmarks",
      "examples/*",
      "scripts/fuzz",
      "scripts/release",
    ].map((glob) => ({
      extends: true as const,
      test: { name: glob, include: [`${glob}/test/**/*.test.ts`], testTimeout: 60_000 },
    })),
    pool: "forks",
    maxWorkers: 2,
  },
});
