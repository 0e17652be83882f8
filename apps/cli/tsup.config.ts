import type { Options } from "tsup";
import { shared } from "../../tsup.shared.js";

/** The library, for Node and for browsers. The script `build` adds the command. */
const config: Options = { ...shared, entry: ["src/index.ts", "src/browser.ts"] };
export default config;
