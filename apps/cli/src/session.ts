import { classicBert } from "@ripvec/arch-classic-bert";
import { type EmbedBackend, GenericBackend } from "@ripvec/core";
import { type Model, openModel } from "@ripvec/hub";
import { defaultModel } from "./default-model.js";
import { openDriver } from "./drivers.js";
import { type Io, note } from "./io.js";
import { byteSize } from "./numbers.js";
import type { ModelOptions } from "./options.js";
import { StatusLine } from "./status-line.js";

/** A model that is ready to run. Whoever opens it closes the backend. */
export interface Session {
  readonly model: Model;
  /** What the user called it. */
  readonly modelName: string;
  readonly backend: EmbedBackend;
  /** The driver's device in words. */
  readonly device: string;
}

/** Opens the model, then the driver, and puts one on the other. */
export async function openSession(options: ModelOptions, io: Io): Promise<Session> {
  if (options.model === undefined && defaultModel.warning) note(io, defaultModel.warning);
  const model = await openModelWithProgress(options, io);
  const driver = await openDriver(options.driver, { threads: options.threads });
  const { device } = driver.capabilities;
  const backend = await GenericBackend.create({
    driver,
    arch: classicBert,
    model,
    dtype: options.dtype,
    maxTokens: options.maxTokens,
    dimensions: options.dimensions,
    maxBatchTokens: options.batchTokens,
  });
  const modelName = options.model ?? defaultModel.name;
  return { model, modelName, backend, device };
}

async function openModelWithProgress(options: ModelOptions, io: Io): Promise<Model> {
  const line = new StatusLine(io);
  try {
    return await openModel(options.model ?? defaultModel.directory, {
      revision: options.revision,
      offline: options.offline,
      signal: io.signal,
      onProgress: ({ file, loaded, total }) =>
        line.draw((columns) =>
          `downloading ${file}: ${byteSize(loaded)} of ${byteSize(total)}`.slice(0, columns - 1),
        ),
    });
  } finally {
    line.clear();
  }
}
