import { InputError } from "@ripvec/core";
import { type OpenModelOptions, openModel, resolvePrompt } from "@ripvec/hub";
import { defaultModel } from "./default-model.js";
import { checkOptions, type OptionKind, sessionOptions } from "./embedder/check-options.js";
import { type Embedder, embedderOf } from "./embedder/embedder.js";
import { nodePlatform } from "./embedder/node-platform.js";
import { openSession, type SessionOptions } from "./embedder/open-session.js";

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
  revision: "string",
  cacheDir: "string",
  offline: "boolean",
  verify: "boolean",
  timeouts: "object",
  onProgress: "function",
};

/**
 * Opens a model and puts it on a driver. `dirOrId` is a directory or a Hugging Face id, which is
 * downloaded once; without it, the built-in all-MiniLM-L6-v2 is used, which needs no network. A
 * package that `driver` or `arch` names is found from the working directory.
 * Throws what `openModel` of `@ripvec/hub` and `GenericBackend.create` of `@ripvec/core` throw,
 * DriverUnavailableError when the driver cannot run here, and UnsupportedError or InputError for a
 * value that is not a driver or an architecture; ArgumentError for an option that does not exist.
 * Nothing is left open then.
 */
export async function createEmbedder(
  dirOrId?: string,
  options: EmbedderOptions = {},
): Promise<Embedder> {
  if (dirOrId !== undefined && typeof dirOrId !== "string") {
    throw new InputError(
      `the model must be a directory or a Hugging Face id, got ${typeof dirOrId}: options are the second argument, as in createEmbedder(undefined, { dtype: "f32" })`,
    );
  }
  if (dirOrId === "") {
    throw new InputError(
      'the model must be a directory or a Hugging Face id such as "owner/name", got ""',
    );
  }
  checkOptions(options, optionKinds);
  const place = dirOrId ?? defaultModel.directory;
  const pins = dirOrId === undefined ? { sha256: defaultModel.sha256 } : {};
  const session = await openSession(
    (arch) => openModel(place, { ...options, ...pins, arch }),
    options,
    nodePlatform(process.cwd()),
  );
  const name = dirOrId ?? defaultModel.name;
  return embedderOf(session, { name, defaultPrompt: resolvePrompt(session.model) });
}
