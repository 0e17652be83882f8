import { type GenericBackend, isRipvecError, type ModelArch } from "@ripvec/core";
import { type Model, openModel } from "@ripvec/hub";
import { defaultModel } from "./default-model.js";
import { downloadLine } from "./download-line.js";
import { nodePlatform } from "./embedder/node-platform.js";
import { openSession as openOnDriver } from "./embedder/open-session.js";
import type { Platform } from "./embedder/platform.js";
import { UsageError } from "./errors.js";
import { type Io, note } from "./io.js";
import type { ModelOptions } from "./options.js";
import { StatusLine } from "./status-line.js";

/** A model that is ready to run. The code that opened it closes the backend. */
export interface Session {
  readonly model: Model;
  /** The model as the user named it. */
  readonly modelName: string;
  readonly backend: GenericBackend;
  /** The driver's device, for display. */
  readonly device: string;
}

/** Opens the driver, then the model, and loads the model on the driver. */
export async function openSession(options: ModelOptions, io: Io): Promise<Session> {
  const { model, backend, driver } = await openOnDriver(
    async (arch) => {
      const model = await openModelWithProgress(options, arch, io);
      if (!model.modules && options.pooling === undefined) note(io, poolingNote(options, model));
      return model;
    },
    { ...options, maxBatchTokens: options.batchTokens, signal: io.signal },
    platformOf(io),
  );
  const modelName = options.model ?? defaultModel.name;
  return { model, modelName, backend, device: driver.capabilities.device };
}

/** A name that stands for no driver or architecture is a mistake of the command line. */
export function platformOf(io: Io): Platform {
  const platform = nodePlatform(io.cwd);
  return {
    ...platform,
    importPackage: (...wanted) =>
      platform.importPackage(...wanted).catch((cause: unknown) => {
        if (!isRipvecError(cause)) throw cause;
        throw new UsageError(`--${wanted[0]} ${wanted[1]}: ${cause.message}`, { cause });
      }),
  };
}

/**
 * When the files do not say how token vectors are pooled, the assumed pooling affects every vector,
 * so a note names it.
 */
function poolingNote(options: ModelOptions, { config }: Model): string {
  const [head] = Array.isArray(config.architectures) ? config.architectures : [];
  const isCausal = String(head).endsWith("ForCausalLM") && config.is_causal !== false;
  const assumed = isCausal ? "last-token" : "mean";
  return `note: ${options.model} has no modules.json; ${assumed} pooling is assumed, as sentence-transformers does; --pooling chooses another`;
}

async function openModelWithProgress(
  options: ModelOptions,
  arch: Pick<ModelArch, "check">,
  io: Io,
): Promise<Model> {
  const line = new StatusLine(io);
  try {
    const { model } = options;
    return await openModel(model ?? defaultModel.directory, {
      sha256: model === undefined ? defaultModel.sha256 : undefined,
      arch,
      revision: options.revision,
      offline: options.offline,
      signal: io.signal,
      onProgress: (progress) => line.draw(downloadLine(progress)),
    });
  } finally {
    line.clear();
  }
}
