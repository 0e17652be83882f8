import type { Options } from "tsup";

/** One build for every package: ESM first, CommonJS too, types for both. */
export const shared: Options = {
  entry: ["src/index.ts"],
  format: ["esm", "cjs"],
  dts: true,
  clean: true,
  shims: true,
  target: "es2022",
  treeshake: true,
};
