import type { Options } from "tsup";
import { shared } from "../../tsup.shared.js";

const config: Options = { ...shared, entry: ["src/index.ts", "src/files.ts"] };

export default config;
