import { DeviceError } from "@ripvec/core";
import type { StartedPass } from "./started-pass.js";

const driver = "webgpu";
/**
 * Scopes are popped from the last to the first, and the first error found is reported. Running out of memory and internal
 * errors lead to validation errors, so those come last.
 */
const scopes: readonly GPUErrorFilter[] = ["validation", "internal", "out-of-memory"];

/** Converts errors of a device into DeviceErrors. */
export class DeviceHealth {
  readonly #device: GPUDevice;
  #lost: GPUDeviceLostInfo | undefined;

  constructor(device: GPUDevice) {
    this.#device = device;
    void device.lost.then((info) => {
      this.#lost = info;
    });
  }

  /** Throws when the device is lost. */
  check(): void {
    if (this.#lost) throw lostError(this.#lost);
  }

  /** Calls `action`, which must reject instead of throwing, and collects the errors that the device reports for it. */
  watch(action: () => Promise<ArrayBuffer>): StartedPass {
    for (const scope of scopes) this.#device.pushErrorScope(scope);
    const done = action();
    const errors = this.#errorOf(scopes.map(() => this.#device.popErrorScope()));
    const result = done.catch(async (cause: unknown) => {
      throw await this.failure("the result cannot be read", cause);
    });
    // The caller awaits the result only after the errors: until then a rejection must count as handled.
    result.catch(() => {});
    return { errors, result };
  }

  /** A DeviceError. It reports the loss of the device if it was lost, else `what`, with `cause`. */
  async failure(what: string, cause: unknown): Promise<DeviceError> {
    const lost = this.#lost ?? (await this.#lossWithin(50));
    if (lost) return lostError(lost, cause);
    return new DeviceError(driver, `${what}: ${(cause as Error).message}`, { cause });
  }

  /** The first error, in the order in which the scopes were popped. */
  async #errorOf(popped: readonly Promise<GPUError | null>[]): Promise<DeviceError | undefined> {
    try {
      const errors = await Promise.all(popped);
      const index = errors.findIndex((error) => error !== null);
      const error = errors[index];
      if (!error) return undefined;
      const kind = scopes[scopes.length - 1 - index];
      return new DeviceError(driver, `${kind} error: ${error.message}`, { cause: error });
    } catch (cause) {
      return this.failure("the device did not report its errors", cause);
    }
  }

  /** A device may report its loss only after the errors that follow from it. */
  async #lossWithin(timeoutMs: number): Promise<GPUDeviceLostInfo | undefined> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const waited = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), timeoutMs);
    });
    try {
      return await Promise.race([this.#device.lost, waited]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function lostError({ reason, message }: GPUDeviceLostInfo, cause?: unknown): DeviceError {
  const why = [reason, message].filter(Boolean).join(": ");
  return new DeviceError(
    driver,
    `the device was lost (${why}). Close this driver and make a new one with webgpu().`,
    cause === undefined ? undefined : { cause },
  );
}
