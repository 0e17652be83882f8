import { join } from "node:path";
import { packageFolder } from "./package-folder.js";

export { byteLengths, files, sha256 } from "./files.js";

const folder = packageFolder([
  import.meta.url,
  typeof __filename === "string" ? __filename : undefined,
]);

/** The folder of the model, for `openModel`. */
export const directory: string = join(folder, "model");

/** The path of a JSON file of texts and the vectors that the model must give; see the README. */
export const goldenFile: string = join(folder, "golden.json");
