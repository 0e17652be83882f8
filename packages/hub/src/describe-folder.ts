import type { ModelFiles } from "./model-files.js";

/** The most names in a message. */
const maxNames = 5;

/** A file that a model's folder has besides its config.json. */
const modelFile =
  /^(model.*\.safetensors(\.index\.json)?|pytorch_model.*\.(bin|json)|tokenizer\.json|vocab\.txt|modules\.json)$/;
const snapshot = /^snapshots\/[0-9a-f]{40}$/;

/**
 * A sentence that says what a folder without config.json contains and what to pass instead, to end
 * a message; "" where the folder cannot be listed.
 */
export async function describeFolder(files: ModelFiles): Promise<string> {
  const paths = await files.list();
  if (!paths) return "";
  if (paths.length === 0) return ". The folder is empty or cannot be listed";
  const commits = paths.filter((path) => snapshot.test(path));
  if (commits.length > 0) {
    return `. This is a model's folder in a download cache: pass the model's id ("owner/name"), or ${commits.map((path) => files.locate(path)).join(" or ")}`;
  }
  const models = foldersOfModels(paths);
  if (models.length > 0) {
    return `. Its subfolders contain models: pass one of ${listed(models.map((path) => files.locate(path)))}`;
  }
  const top = paths.filter((path) => !path.includes("/"));
  return `. The folder has only ${listed(top)}`;
}

function foldersOfModels(paths: readonly string[]): string[] {
  const files = paths.map((path) => path.split("/")).filter(({ length }) => length === 2);
  const withModelFiles = new Set(
    files.filter(([, name = ""]) => modelFile.test(name)).map(([folder]) => folder),
  );
  return files.flatMap(([folder = "", name]) =>
    name === "config.json" && withModelFiles.has(folder) ? [folder] : [],
  );
}

function listed(names: readonly string[]): string {
  const more = names.length - maxNames;
  return names.slice(0, maxNames).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
