import { InputError, UnsupportedError } from "@ripvec/core";
import { webgpu } from "@ripvec/driver-webgpu";
import { type OpenModelOptions, openModel, resolvePrompt } from "@ripvec/hub/browser";
import { knownArchs } from "./embedder/archs.js";
import { checkOptions, type OptionKind, sessionOptions } from "./embedder/check-options.js";
import { type Embedder, embedderOf } from "./embedder/embedder.js";
import { openSession, type SessionOptions } from "./embedder/open-session.js";
import type { Platform } from "./embedder/platform.js";

export { type EmbeddedText, type ErrorCode, isRipvecError, type RipvecError } from "@ripvec/core";
export type { Embedder, EmbedOptions } from "./embedder/embedder.js";
export type { ArchChoice } from "./embedder/find-archs.js";
export type { DriverChoice } from "./embedder/find-driver.js";
export type { SessionOptions } from "./embedder/open-session.js";
export type { DriverSettings, OpenDriver } from "./embedder/platform.js";
export type { Vector } from "./embedder/similarity.js";

/** Options of the model's files, of the driver and of the vectors. */
export interface EmbedderOptions extends SessionOptions, Omit<OpenModelOptions, "arch"> {}

/** A name that is missing here is an error of the compiler. */
const optionKinds: Readonly<Record<keyof EmbedderOptions, OptionKind>> = {
  ...sessionOptions,
  sha256: "object",
  files: "object",
  revision: "string",
  endpoint: "string",
  token: "string",
  cache: "boolean",
  timeouts: "object",
  onProgress: "function",
  onWarning: "function",
};

const platform: Platform = {
  drivers: [{ name: "webgpu", isAutomatic: true, open: webgpu }],
  archs: knownArchs,
  async importPackage(kind, value, supported) {
    const remedy = `A page cannot import a package by its name while it runs: import it in your source, and give createEmbedder what it exports as "${kind}"`;
    const what = kind === "arch" ? "architecture" : kind;
    throw new UnsupportedError({ what, value, supported, remedy });
  },
};

/**
 * Opens a model and puts it on a driver, by default WebGPU. `urlOrId` is the URL of a directory or a
 * Hugging Face id. Throws InputError without it, since no model is built into the page; what
 * `openModel` of `@ripvec/hub` and `GenericBackend.create` of `@ripvec/core` throw;
 * DriverUnavailableError where there is no WebGPU; and UnsupportedError or InputError for a value
 * that is not a driver or an architecture; ArgumentError for an option that does not exist. Nothing
 * is left open then.
 */
export async function createEmbedder(
  urlOrId?: string | URL,
  options: EmbedderOptions = {},
): Promise<Embedder> {
  if (urlOrId === undefined) {
    throw new InputError(
      'createEmbedder needs a model in a browser: a Hugging Face id such as "BAAI/bge-small-en-v1.5", or the URL of a directory such as "/models/bge". To use the built-in model of Node, serve the folder "model" of the package @ripvec/model-all-minilm-l6-v2 and give its URL',
    );
  }
  checkOptions(options, optionKinds);
  const session = await openSession(
    (arch) => openModel(urlOrId, { ...options, arch }),
    options,
    platform,
  );
  return embedderOf(session, {
    name: String(urlOrId),
    defaultPrompt: resolvePrompt(session.model),
  });
}
