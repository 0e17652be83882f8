import { classicBert } from "@ripvec/arch-classic-bert";
import { GenericBackend, type ModelArch } from "@ripvec/core";
import { type Model, openModel } from "@ripvec/hub";
import { defaultModel } from "./default-model.js";
import { downloadLine } from "./download-line.js";
import { openDriver } from "./drivers.js";
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

/** Opens the model, then the driver, and loads the model on the driver. */
export async function openSession(options: ModelOptions, io: Io): Promise<Session> {
  const model = await openModelWithProgress(options, io);
  if (!model.modules && options.pooling === undefined) note(io, poolingNote(options, model));
  const driver = await openDriver(options.driver, { threads: options.threads });
  const { device } = driver.capabilities;
  const backend = await GenericBackend.create({
    driver,
    arch: classicBert,
    model,
    pooling: options.pooling,
    normalize: options.normalize,
    dtype: options.dtype,
    maxTokens: options.maxTokens,
    dimensions: options.dimensions,
    renormalize: options.renormalize,
    maxBatchTokens: options.batchTokens,
  });
  const modelName = options.model ?? defaultModel.name;
  return { model, modelName, backend, device };
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

/** Refuses a model that cannot be computed with these options before its weights are downloaded. */
function checkFor({ pooling, normalize, dtype }: ModelOptions): Pick<ModelArch, "check"> {
  return {
    check: (model) => classicBert.check?.(model, { pooling, normalize, dtype }),
  };
}

async function openModelWithProgress(options: ModelOptions, io: Io): Promise<Model> {
  const line = new StatusLine(io);
  try {
    const { model } = options;
    return await openModel(model ?? defaultModel.directory, {
      sha256: model === undefined ? defaultModel.sha256 : undefined,
      arch: checkFor(options),
      revision: options.revision,
      offline: options.offline,
      signal: io.signal,
      onProgress: (progress) => line.draw(downloadLine(progress)),
    });
  } finally {
    line.clear();
  }
}
