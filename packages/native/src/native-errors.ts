import { DeviceError, ModelFileError } from "@ripvec/core";

const driver = "cpu";

/** What the addon throws: `code` is one of `ErrorCode`, the rest is there where it is known. */
interface NativeError {
  readonly code?: unknown;
  readonly message: string;
  readonly path?: string;
  readonly tensor?: string;
}

/** Runs a native call about a weight; its errors become typed and name the tensor, and its file in doubt. */
export function withWeightErrors<T>(
  weight: { readonly name: string; readonly path?: string | undefined },
  call: () => T,
): T {
  try {
    return call();
  } catch (error) {
    throw typed(error, { path: weight.path, tensor: weight.name });
  }
}

/** Runs another native call; its errors become typed. */
export function withNativeErrors<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw passError(error);
  }
}

/** What a pass rejected with, as DeviceError or ModelFileError. */
export function passError(error: unknown): Error {
  return typed(error, {});
}

function typed(error: unknown, fallback: { path?: string | undefined; tensor?: string }): Error {
  const { code, message, path = fallback.path, tensor = fallback.tensor } = error as NativeError;
  if (code !== "MODEL_FILE") return new DeviceError(driver, message, { cause: error });
  return new ModelFileError(message, {
    ...(path !== undefined && { path }),
    ...(tensor !== undefined && { tensor }),
    cause: error,
  });
}
