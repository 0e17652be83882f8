import type { Options } from "tsup";
import { shared } from "../../tsup.shared.js";

const config: Options = {
  ...shared,
  entry: ["src/index.ts", "src/for-drivers.ts", "src/for-archs.ts"],
  // The entries share their classes in CommonJS too.
  splitting: true,
  // The declarations name Symbol.asyncDispose, which TypeScript's library of the target ES2022 lacks.
  dts: { banner: '/// <reference lib="esnext.disposable" />' },
};

export default config;
