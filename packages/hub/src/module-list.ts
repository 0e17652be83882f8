import { ModelFileError, UnsupportedError } from "@ripvec/core";
import { innerPath, isJsonObject, type ModelFiles, readJson } from "./model-files.js";

/** One entry of modules.json. */
export interface ModuleEntry {
  /**
   * As written in the file: the package moves the class between versions, but the last part of the
   * name stays.
   */
  readonly type: string;
  /** "" is the model's root folder. */
  readonly path: string;
}

const listName = "modules.json";
/** Real models have at most about five. */
const maxModules = 100;
/** The path of the model's root folder as files write it. */
const ownFolder = new Set<unknown>(["", "."]);
const library = "sentence_transformers";

/** First modules that are not encoders of tokens, in words. */
const otherModels: ReadonlyMap<string, string> = new Map([
  ["StaticEmbedding", "static embedding (a table of token vectors, such as Model2Vec)"],
  ["SparseStaticEmbedding", "sparse static embedding"],
  ["Router", "router between several models"],
  ["Asym", "router between several models"],
  ["CLIPModel", "model of images and texts"],
  ["MLMTransformer", "sparse (SPLADE) model"],
  ["WordEmbeddings", "model of word vectors"],
  ["BoW", "model that counts words"],
]);

/**
 * The last part of the name of a sentence-transformers class: "Pooling"; undefined for classes of
 * other packages.
 */
export function moduleKind({ type }: Pick<ModuleEntry, "type">): string | undefined {
  const parts = type.split(".");
  return parts[0] === library && parts.length > 1 ? parts.at(-1) : undefined;
}

/**
 * The modules in the order of the file, in which they run. Undefined when the model has no
 * modules.json. Throws ModelFileError, and UnsupportedError when the first module is not a
 * Transformer.
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
      throw new ModelFileError("each module must have a type", { path });
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
  const other = kind === undefined ? "custom code" : otherModels.get(kind);
  throw new UnsupportedError({
    what: `${other ?? "kind of model"}, the first module in ${listName},`,
    value: first.type,
    supported: [`${library}.models.Transformer`],
  });
}
