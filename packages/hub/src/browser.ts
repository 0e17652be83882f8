export { modelCacheName } from "./browser/model-cache.js";
export { openModel } from "./browser/open-model.js";
export type {
  CacheWarning,
  DownloadProgress,
  OpenModelOptions,
} from "./browser/open-model-options.js";
export { DownloadError, type DownloadFailure } from "./download-error.js";
export { type Model, resolvePrompt } from "./model.js";
export type { ModelCheck } from "./read-model.js";
export type { TimeoutOptions } from "./remote/timeouts.js";
