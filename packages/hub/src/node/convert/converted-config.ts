import type { JsonObject } from "@ripvec/core";
import type { NarrowDType } from "./plan-tensors.js";

/** PyTorch's names of what transformers computes in. */
const computedIn: Readonly<Record<NarrowDType, string>> = {
  f16: "float16",
  bf16: "bfloat16",
  i8: "float32",
};

/**
 * How transformers names what is written in 8 bits: each row of every Linear and Embedding with a scale of its own. It needs
 * the Python package compressed-tensors (0.15 or later), which looks for `format` in the group too; with `dequantize`
 * sentence-transformers can open the model.
 */
const eightBits: JsonObject = {
  quant_method: "compressed-tensors",
  format: "int-quantized",
  quantization_status: "compressed",
  dequantize: true,
  config_groups: {
    group_0: {
      targets: ["Linear", "Embedding"],
      weights: { num_bits: 8, type: "int", symmetric: true, strategy: "channel" },
      format: "int-quantized",
    },
  },
};

/** config.json of a converted model. `torch_dtype` is the older name of `dtype`. */
export function convertedConfig(config: JsonObject, dtype: NarrowDType): JsonObject {
  const { torch_dtype: _, dtype: __, ...kept } = config;
  return {
    ...kept,
    dtype: computedIn[dtype],
    ...(dtype === "i8" && { quantization_config: eightBits }),
  };
}
