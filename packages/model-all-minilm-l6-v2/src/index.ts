import { fileURLToPath } from "node:url";

export { byteLengths, files, sha256 } from "./files.js";

/** The folder of the model, for `openModel`. */
export const directory: string = fileURLToPath(new URL("../model", import.meta.url));

/** The path of a JSON file of texts and the vectors that the model must give; see the README. */
export const goldenFile: string = fileURLToPath(new URL("../golden.json", import.meta.url));
