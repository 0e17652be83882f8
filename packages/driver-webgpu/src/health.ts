import { DeviceError } from "@ripvec/core";
import type { Started } from "./pass-queue.js";

const driver = "webgpu";
/** Popped from the last to the first: what lacks memory or fails inside is invalid behind it, and that is told last. */
const scopes: readonly GPUErrorFilter[] = ["validation", "internal", "out-of-memory"];

/** What goes wrong on a device, as DeviceError. */
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

  /** Calls `action`, which rejects and does not throw, and collects what the device has against it. */
  watch(action: () => Promise<ArrayBuffer>): Started {
    for (const scope of scopes) this.#device.pushErrorScope(scope);
    const done = action();
    const errors = this.#errorOf(scopes.map(() => this.#device.popErrorScope()));
    const result = done.catch(async (cause: unknown) => {
      throw await this.failure("the result cannot be read", cause);
    });
    // Until the errors are known nobody waits for it.
    result.catch(() => {});
    return { errors, result };
  }

  /** A DeviceError with `cause`, or the loss of the device where that is what happened. */
  async failure(what: string, cause: unknown): Promise<DeviceError> {
    const lost = this.#lost ?? (await this.#lossWithin(50));
    if (lost) return lostError(lost, cause);
    return new DeviceError(driver, `${what}: ${(cause as Error).message}`, { cause });
  }

  /** The first, in the order in which they were popped. */
  async #errorOf(popped: readonly Promise<GPUError | null>[]): Promise<DeviceError | undefined> {
    try {
      const errors = await Promise.all(popped);
      const index = errors.findIndex((error) => error !== null);
      const error = errors[index];
      if (!error) return undefined;
      const kind = scopes[scopes.length - 1 - index];
      return new DeviceError(driver, `${kind} error: ${error.message}`, { cause: error });
    } catch (cause) {
      return this.failure("the device gave no answer", cause);
    }
  }

  /** The loss may be told only after what follows from it. */
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
