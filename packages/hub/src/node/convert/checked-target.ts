import { resolve } from "node:path";
import { InputError, UnsupportedError } from "@ripvec/core";
import type { ConvertOptions } from "./convert-model.js";
import type { NarrowDType } from "./plan-tensors.js";

type Target = Pick<ConvertOptions, "dtype" | "out">;

const dtypes: readonly NarrowDType[] = ["i8", "f16", "bf16"];

/**
 * The checked dtype, and the absolute path to write to. Throws UnsupportedError and InputError,
 * also for callers without types.
 */
export function checkedTarget({ dtype, out }: Target): Target {
  if (!dtypes.includes(dtype)) {
    throw new UnsupportedError({ what: "dtype to convert to", value: dtype, supported: dtypes });
  }
  const path: unknown = out;
  if (typeof path === "string" && path !== "" && !path.includes("\0")) {
    return { dtype, out: resolve(path) };
  }
  const found = typeof path === "string" ? JSON.stringify(path) : typeof path;
  throw new InputError(`out must be the path of a folder that does not exist yet, got ${found}`);
}
