import type { ByteSource, ModelModule } from "@ripvec/core";
import { DownloadError } from "../../download-error.js";
import type { Model } from "../../model.js";
import { joinInner, type ModelFiles } from "../../model-files.js";

/** What lies beside the weights of a transformer and belongs to it, but for config.json. */
const besideWeights = [
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "vocab.txt",
  "vocab.json",
  "merges.txt",
  "tokenizer.model",
  "spiece.model",
  "sentencepiece.bpe.model",
];
const ofSentenceModel = ["modules.json", "config_sentence_transformers.json"];
const terms = /^((licen[cs]e|notice|copying)\b[^/]*|readme\.md)$/i;
/** sentence-transformers names this file after the model class at times. */
const sentenceConfig = /^sentence_[\w-]+_config\.json$/;

export interface Beside {
  /** By their path in the model. */
  readonly beside: ReadonlyMap<string, ByteSource>;
  /** Paths of those that offline use did not find in the caches: the model opens without them. */
  readonly leftOut: readonly string[];
}

/** Files of a model that are copied as they are: all that belongs to it but weights and config.json. */
export async function openBeside(
  files: ModelFiles,
  { modules }: Pick<Model, "modules">,
): Promise<Beside> {
  const root = rootOf({ modules });
  const listed = ((await files.list()) ?? []).filter(
    (path) => terms.test(path) || sentenceConfig.test(withinRoot(path, root)),
  );
  const wanted = [
    ...ofSentenceModel,
    ...listed,
    ...besideWeights.map((name) => joinInner(root, name)),
    ...modulesBehind({ modules }).map(({ path }) => joinInner(path, "config.json")),
  ];
  const beside = new Map<string, ByteSource>();
  const leftOut: string[] = [];
  for (const path of wanted) {
    try {
      const source = await files.open(path);
      if (source) beside.set(path, source);
    } catch (error) {
      if (!(error instanceof DownloadError && error.failure === "offline")) throw error;
      leftOut.push(path);
    }
  }
  return { beside, leftOut };
}

/** Folder of the transformer; "" is the model's own. */
export function rootOf({ modules }: Pick<Model, "modules">): string {
  return modules?.[0]?.path ?? "";
}

/** Those with a folder of their own. */
export function modulesBehind({ modules = [] }: Pick<Model, "modules">): readonly ModelModule[] {
  return modules.slice(1).filter(({ path }) => path !== "");
}

function withinRoot(path: string, root: string): string {
  if (root === "") return path;
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : "";
}
