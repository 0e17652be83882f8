import type { JsonObject } from "@ripvec/core/arch";
import { membersOf } from "./json-members.js";
import type { NarrowDType } from "./plan-tensors.js";

/** PyTorch's names of the dtypes that transformers computes in. */
const computedIn: Readonly<Record<NarrowDType, string>> = {
  f16: "float16",
  bf16: "bfloat16",
  i8: "float32",
};

/**
 * How transformers describes the 8-bit format: each row of every Linear and Embedding has its own
 * scale. Loading needs the Python package compressed-tensors (0.15 or later), which looks for
 * `format` in the group too. With `dequantize`, sentence-transformers can open the model.
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

/**
 * Members that are replaced; `torch_dtype` is the name of `dtype` in older versions of
 * transformers.
 */
const replaced = ["dtype", "torch_dtype", "quantization_config"];

/**
 * config.json of a converted model. All other members keep their text, because transformers refuses
 * 0 in place of 0.0, and JavaScript does not distinguish them.
 * @param text A JSON object.
 */
export function convertedConfig(text: string, dtype: NarrowDType): string {
  const kept = membersOf(text).filter(({ key }) => !replaced.includes(key));
  const added = {
    dtype: computedIn[dtype],
    ...(dtype === "i8" && { quantization_config: eightBits }),
  };
  // The text without the opening brace and the line end after it.
  const tail = JSON.stringify(added, null, 2).slice(2);
  return `{\n${kept.map(({ source }) => `  ${source},\n`).join("")}${tail}\n`;
}
