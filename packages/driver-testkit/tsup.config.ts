import type { Options } from "tsup";
import { shared } from "../../tsup.shared.js";

/**
 * The sandbox of jest looks up every use of a global in a slow way, which makes the kit ten times slower there. These
 * names are looked up once.
 */
const globals = "const { Math, Number, Object, Float32Array, Float64Array } = globalThis;";

const config: Options = {
  ...shared,
  entry: ["src/index.ts", "src/node.ts"],
  banner: { js: globals },
};

export default config;
