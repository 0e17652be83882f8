export { DownloadError, type DownloadFailure } from "./download-error.js";
export { type Model, resolvePrompt } from "./model.js";
export {
  type ConvertedModel,
  type ConvertOptions,
  convertModel,
} from "./node/convert/convert-model.js";
export type { NarrowDType } from "./node/convert/plan-tensors.js";
export type { ConvertProgress } from "./node/convert/write-weights.js";
export { openModel } from "./node/open-model.js";
export type { DownloadProgress, OpenModelOptions } from "./node/open-model-options.js";
export type { Environment } from "./node/remote/environment.js";
export { defaultCacheDir } from "./node/remote/settings.js";
export type { ModelCheck } from "./read-model.js";
export type { TimeoutOptions } from "./remote/timeouts.js";
