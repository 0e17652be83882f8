import { files, sha256 } from "@ripvec/model-all-minilm-l6-v2/files";
import type { ModelChoice } from "./protocol.js";

/**
 * The model that the page serves itself. Because its files are listed, no other file of the
 * directory is requested.
 */
export const builtInModel: ModelChoice = {
  place: "./model/",
  name: "all-MiniLM-L6-v2",
  files,
  sha256,
};
