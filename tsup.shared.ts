import type { Options } from "tsup";

/** One build for every package: ESM first, CommonJS too, types for both. */
export const shared: Options = {
  entry: ["src/index.ts"],
  format: ["esm", "cjs"],
  dts: true,
  clean: true,
  target: "es2022",
  treeshake: true,
  esbuildOptions(options, { format }) {
    // CommonJS has no import.meta; sources use `__filename` there.
    if (format === "cjs") options.define = { ...options.define, "import.meta.url": "undefined" };
  },
};
