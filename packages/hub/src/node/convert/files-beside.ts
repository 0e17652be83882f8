import { ModelFileError } from "@ripvec/core";
import type { ByteSource, ModelModule } from "@ripvec/core/arch";
import { sentenceConfigs } from "../../describe-model.js";
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

export interface Beside {
  /** By their path in the model. */
  readonly beside: ReadonlyMap<string, ByteSource>;
  /**
   * Paths of those that offline use did not find in the caches, and of terms that are no regular files or have a
   * name that cannot be copied: the model opens without them.
   */
  readonly leftOut: readonly string[];
}

/** Files of a model that are copied as they are: all that belongs to it but weights and config.json. */
export async function openBeside(
  files: ModelFiles,
  { modules }: Pick<Model, "modules">,
): Promise<Beside> {
  const root = rootOf({ modules });
  const listed = ((await files.list()) ?? []).filter((path) => terms.test(path));
  const wanted = [
    ...ofSentenceModel,
    ...listed,
    ...[...besideWeights, ...sentenceConfigs].map((name) => joinInner(root, name)),
    ...modulesBehind({ modules }).map(({ path }) => joinInner(path, "config.json")),
  ];
  const beside = new Map<string, ByteSource>();
  const leftOut: string[] = [];
  for (const path of wanted) {
    try {
      const source = await files.open(path);
      if (source) beside.set(path, source);
    } catch (error) {
      const isMissing = error instanceof DownloadError && error.failure === "offline";
      if (!isMissing && !(listed.includes(path) && isNoFile(error))) throw error;
      leftOut.push(path);
    }
  }
  return { beside, leftOut };
}

/** A folder or a device, or a name that is no path in a model; what the system refuses has a cause. */
function isNoFile(error: unknown): boolean {
  return error instanceof ModelFileError && error.cause === undefined;
}

/** Folder of the transformer; "" is the model's own. */
export function rootOf({ modules }: Pick<Model, "modules">): string {
  return modules?.[0]?.path ?? "";
}

/** Those with a folder of their own. */
export function modulesBehind({ modules = [] }: Pick<Model, "modules">): readonly ModelModule[] {
  return modules.slice(1).filter(({ path }) => path !== "");
}
