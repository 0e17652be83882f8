import { ModelFileError } from "@ripvec/core";
import type { ByteSource, ModelModule } from "@ripvec/core/arch";
import { sentenceConfigs } from "../../describe-model.js";
import { DownloadError } from "../../download-error.js";
import type { Model } from "../../model.js";
import { joinInner, type ModelFiles } from "../../model-files.js";

/** Files that belong to a transformer besides its weights and config.json. */
const weightCompanions = [
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
const licencesAndNotes = /^((licen[cs]e|notice|copying)\b[^/]*|readme\.md)$/i;

export interface CompanionFiles {
  /** Contents by path in the model. */
  readonly companions: ReadonlyMap<string, ByteSource>;
  /**
   * Paths of files that were not copied: files that the caches do not have in offline use, and
   * licences and notes that are not regular files or whose names cannot be copied. The model opens
   * without them.
   */
  readonly leftOut: readonly string[];
}

/**
 * The files of a model that are copied unchanged: all that belong to it except weights and
 * config.json.
 */
export async function openCompanionFiles(
  files: ModelFiles,
  { modules }: Pick<Model, "modules">,
): Promise<CompanionFiles> {
  const root = rootOf({ modules });
  const listed = ((await files.list()) ?? []).filter((path) => licencesAndNotes.test(path));
  const wanted = [
    ...ofSentenceModel,
    ...listed,
    ...[...weightCompanions, ...sentenceConfigs].map((name) => joinInner(root, name)),
    ...modulesAfterTransformer({ modules }).map(({ path }) => joinInner(path, "config.json")),
  ];
  const companions = new Map<string, ByteSource>();
  const leftOut: string[] = [];
  for (const path of wanted) {
    try {
      const source = await files.open(path);
      if (source) companions.set(path, source);
    } catch (error) {
      const isMissing = error instanceof DownloadError && error.failure === "offline";
      if (!isMissing && !(listed.includes(path) && isNoFile(error))) throw error;
      leftOut.push(path);
    }
  }
  return { companions, leftOut };
}

/**
 * True for a folder, a device or a name that is not a path in a model. An error of the system has a
 * cause.
 */
function isNoFile(error: unknown): boolean {
  return error instanceof ModelFileError && error.cause === undefined;
}

/** Folder of the transformer module; "" is the model's root folder. */
export function rootOf({ modules }: Pick<Model, "modules">): string {
  return modules?.[0]?.path ?? "";
}

/** The modules with their own folder. */
export function modulesAfterTransformer({
  modules = [],
}: Pick<Model, "modules">): readonly ModelModule[] {
  return modules.slice(1).filter(({ path }) => path !== "");
}
