import type { DType } from "@ripvec/core/driver";
import { bf16ToNumber, f16ToNumber, numberToBf16, numberToF16 } from "./half.js";

const bits = { i8: 8, i32: 32, i64: 64 } as const;

/** Converts `value` to `dtype`: floats round to nearest even, integers are truncated and saturated. */
export function roundTo(dtype: DType, value: number): number {
  switch (dtype) {
    case "f32":
      return Math.fround(value);
    case "f16":
      return f16ToNumber(numberToF16(value));
    case "bf16":
      return bf16ToNumber(numberToBf16(value));
    default: {
      if (Number.isNaN(value)) return 0;
      const limit = 2 ** (bits[dtype] - 1);
      return Math.trunc(Math.min(limit - 1, Math.max(-limit, value)));
    }
  }
}
