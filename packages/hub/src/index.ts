export { DownloadError, type DownloadFailure } from "./download-error.js";
export { type Model, resolvePrompt } from "./model.js";
export { openModel } from "./node/open-model.js";
export type { DownloadProgress, OpenModelOptions } from "./node/open-model-options.js";
export { defaultCacheDir } from "./node/remote/settings.js";
export type { TimeoutOptions } from "./remote/timeouts.js";
