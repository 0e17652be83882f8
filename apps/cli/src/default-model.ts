import { directory, goldenFile, sha256 } from "@ripvec/model-all-minilm-l6-v2";

/** The model that runs when none is named. To ship another model, import another package here. */
export interface DefaultModel {
  readonly name: string;
  readonly directory: string;
  /** Required digests of its files. */
  readonly sha256: Readonly<Record<string, string>>;
  /** Texts with the expected vectors, for `ripvec doctor`. */
  readonly goldenFile: string;
}

export const defaultModel: DefaultModel = {
  name: "all-MiniLM-L6-v2 (built-in)",
  directory,
  sha256,
  goldenFile,
};
