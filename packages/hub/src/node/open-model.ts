import type { Model } from "../model.js";
import { readModel } from "../read-model.js";
import type { OpenModelOptions } from "./open-model-options.js";
import { readFiles } from "./read-files.js";

/**
 * Opens a model from a local directory or, by its Hugging Face id ("owner/name"), from the download
 * cache and the hub. A directory of that name takes precedence over an id.
 * Throws InputError when the text is neither, ModelFileError when a file is missing or broken,
 * UnsupportedError for a kind of model that is not supported, the error of `arch.check`,
 * DownloadError when the hub or the network fails, and the signal's reason when aborted.
 */
export async function openModel(dirOrId: string, options: OpenModelOptions = {}): Promise<Model> {
  return readFiles(dirOrId, options, (files) => readModel(files, options.arch));
}
