import { DeviceError, ModelFileError } from "@ripvec/core";

/** What an addon throws: `code` is one of `ErrorCode`; the other fields are there where the addon knows them. */
interface NativeError {
  readonly code?: unknown;
  readonly message: string;
  readonly path?: string;
  readonly tensor?: string;
}

/**
 * Calls the addon about a weight. An error of the addon becomes one of core's that names the tensor and, if the addon
 * names no file, `path`.
 */
export function withWeightErrors<T>(
  driver: string,
  weight: { readonly name: string; readonly path?: string | undefined },
  call: () => T,
): T {
  try {
    return call();
  } catch (error) {
    throw typed(driver, error, { path: weight.path, tensor: weight.name });
  }
}

/** Calls the addon about anything else. An error of the addon becomes a DeviceError or ModelFileError. */
export function withNativeErrors<T>(driver: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw passError(driver, error);
  }
}

/** The DeviceError or ModelFileError for what a pass of the addon rejected with. */
export function passError(driver: string, error: unknown): Error {
  return typed(driver, error, {});
}

function typed(
  driver: string,
  error: unknown,
  fallback: { path?: string | undefined; tensor?: string },
): Error {
  const { code, message, path = fallback.path, tensor = fallback.tensor } = error as NativeError;
  if (code !== "MODEL_FILE") return new DeviceError(driver, message, { cause: error });
  return new ModelFileError(message, {
    ...(path !== undefined && { path }),
    ...(tensor !== undefined && { tensor }),
    cause: error,
  });
}
