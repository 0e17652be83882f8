import {
  checkBackendOptions,
  type Driver,
  GenericBackend,
  type GenericBackendOptions,
  type ModelArch,
} from "@ripvec/core";
import type { Model } from "@ripvec/hub";
import { type ArchChoice, chooseArch, findArchs } from "./find-archs.js";
import { type DriverChoice, findDriver } from "./find-driver.js";
import type { DriverSettings, Platform } from "./platform.js";

/** How a model is put on a driver. */
export interface SessionOptions
  extends Omit<GenericBackendOptions, "driver" | "arch" | "model">,
    DriverSettings {
  /**
   * Which driver computes. Default: "auto", the best available one. A driver that is given open
   * stays open and belongs to the caller; any other is closed with the embedder.
   */
  readonly driver?: DriverChoice | undefined;
  /** Default: the known architecture that computes models of this type. */
  readonly arch?: ArchChoice | undefined;
  /** Stops the opening. */
  readonly signal?: AbortSignal | undefined;
}

/** A model on a driver. The code that opened it closes the backend, and thereby the driver. */
export interface Session {
  readonly model: Model;
  readonly backend: GenericBackend;
  readonly driver: Driver;
  readonly arch: ModelArch;
}

/** Opens a model that `arch` must accept before its weights are fetched. */
export type OpenModel = (arch: Pick<ModelArch, "check">) => Promise<Model>;

/**
 * Finds the architectures, opens the driver, checks the options that need no model, opens the model,
 * and loads it on the driver: a wrong option is an error before the model is downloaded. When a step
 * fails, nothing that an earlier one opened stays open.
 */
export async function openSession(
  openModel: OpenModel,
  options: SessionOptions,
  platform: Platform,
): Promise<Session> {
  const archs = await findArchs(options.arch, platform);
  const openDriver = await findDriver(options.driver ?? "auto", options, platform);
  options.signal?.throwIfAborted();
  const driver = await openDriver();
  let model: Model;
  let arch: ModelArch;
  try {
    checkBackendOptions(driver, options);
    model = await openModel({
      check: (description) => chooseArch(archs, description, options),
    });
    arch = chooseArch(archs, model, options);
    options.signal?.throwIfAborted();
  } catch (error) {
    await driver.close().catch(() => {});
    throw error;
  }
  const backend = await GenericBackend.create({ ...options, driver, arch, model });
  return { model, backend, driver, arch };
}
