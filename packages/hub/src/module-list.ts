import { ModelFileError, UnsupportedError } from "@ripvec/core";
import { innerPath, isJsonObject, type ModelFiles, readJson } from "./model-files.js";

/** One entry of modules.json. */
export interface ModuleEntry {
  /** As written: the class moves about in the package, its name stays the last part. */
  readonly type: string;
  /** "" is the model's own folder. */
  readonly path: string;
}

const listName = "modules.json";
/** Models have at most some five. */
const maxModules = 100;
/** How the model's own folder is written. */
const ownFolder = new Set<unknown>(["", "."]);
const library = "sentence_transformers";

/** First modules that are no encoder over tokens, in words. */
const otherModels: ReadonlyMap<string, string> = new Map([
  ["StaticEmbedding", "static embedding (a table of token vectors, as of Model2Vec)"],
  ["SparseStaticEmbedding", "sparse static embedding"],
  ["Router", "router between several models"],
  ["Asym", "router between several models"],
  ["CLIPModel", "model of images and texts"],
  ["MLMTransformer", "sparse (SPLADE) model"],
  ["WordEmbeddings", "model of word vectors"],
  ["BoW", "model that counts words"],
]);

/** The last part of a type that is sentence-transformers' own: "Pooling"; undefined for code of others. */
export function moduleKind({ type }: Pick<ModuleEntry, "type">): string | undefined {
  const parts = type.split(".");
  return parts[0] === library && parts.length > 1 ? parts.at(-1) : undefined;
}

/**
 * The modules in the order of the file, which is the order they run in. Undefined when the model has no
 * modules.json. Throws ModelFileError, and UnsupportedError when the first module is no transformer.
 */
export async function readModuleList(files: ModelFiles): Promise<ModuleEntry[] | undefined> {
  const list = await readJson(files, listName);
  if (list === undefined) return undefined;
  const path = files.locate(listName);
  if (!Array.isArray(list)) throw new ModelFileError("must hold a list of modules", { path });
  if (list.length > maxModules) {
    const found = `lists ${list.length} modules, the limit is ${maxModules}`;
    throw new ModelFileError(found, { path });
  }
  const entries = list.map((entry: unknown) => {
    if (!isJsonObject(entry) || typeof entry.type !== "string") {
      throw new ModelFileError("each module needs a type", { path });
    }
    return { type: entry.type, path: readFolder(entry.path, path) };
  });
  expectTransformer(entries[0]);
  return entries;
}

function readFolder(folder: unknown, saidBy: string): string {
  return ownFolder.has(folder ?? "") ? "" : innerPath(folder, saidBy);
}

function expectTransformer(first: ModuleEntry | undefined): void {
  if (!first) return;
  const kind = moduleKind(first);
  if (kind === "Transformer") return;
  const other = kind === undefined ? "code of its own" : otherModels.get(kind);
  throw new UnsupportedError({
    what: `${other ?? "kind of model"}, the first module in ${listName},`,
    value: first.type,
    supported: [`${library}.models.Transformer`],
  });
}
