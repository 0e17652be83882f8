import type { DeviceError } from "@ripvec/core";

/** A pass that was submitted to the device. */
export interface StartedPass {
  /** Resolves with the device's error for the submission, or with undefined. Never rejects. */
  readonly errors: Promise<DeviceError | undefined>;
  /** The bytes of the result. Rejects with DeviceError when they cannot be read. */
  readonly result: Promise<ArrayBuffer>;
}
