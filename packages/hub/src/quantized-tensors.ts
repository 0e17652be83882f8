import { UnsupportedError } from "@ripvec/core";
import { quantizedRemedy } from "./quantization.js";

/**
 * Endings of tensor names that only quantised checkpoints have, as each method writes them next to
 * `weight` or instead of it. The first ending that matches names the method. Sources: files written
 * by bitsandbytes 0.50, torchao 0.18, optimum-quanto 0.2.7, HQQ 0.2.8, MLX 0.32 and
 * compressed-tensors 0.20; for other methods the names that transformers 5.24 loads; for ModelOpt
 * and ComfyUI the names that their readers use.
 */
const endings: readonly (readonly [ending: RegExp, method: string])[] = [
  [/\.(SCB|weight_format)$/, "bitsandbytes in 8 bits"],
  [/\.weight\.(absmax|quant_map|nested_absmax|quant_state\..*)$/, "bitsandbytes in 4 bits"],
  [/\.(qweight|dqweight|qzeros|g_idx)$/, "GPTQ, AWQ or FP-Quant"],
  [/\.weight_packed$/, "compressed-tensors, packed"],
  [/\.weight_zero_point$/, "compressed-tensors with zero points"],
  [/\.(weight_global_scale|weight_scale_2)$/, "NVFP4"],
  [/\.(weight_scale_inv|qscale_weight)$/, "FP8"],
  [/\.pre_quant_scale$/, "ModelOpt with scales of the inputs"],
  [/\._weight_(qdata|scale|zero_point)$/, "torchao"],
  [/\.weight\._(data|scale|shift|packed)$/, "quanto"],
  [/\.weight_scales$/, "EETQ"],
  [/\.W_q$/, "HQQ or SINQ"],
  [/_proj_blocks$/, "MXFP4"],
  [/\.comfy_quant$/, "ComfyUI"],
  [/\.(scales|qbiases)$/, "MLX, or another method with scales of groups"],
];

/**
 * Throws UnsupportedError that names the method and one tensor when the tensors were written by an
 * unsupported quantisation.
 */
export function refuseQuantizedTensors(names: readonly string[], path: string): void {
  for (const [ending, method] of endings) {
    const name = names.find((each) => ending.test(each));
    if (name === undefined) continue;
    throw new UnsupportedError({
      what: `quantised weights in ${path} (${method}), recognised by the tensor`,
      value: name,
      supported: [],
      remedy: quantizedRemedy,
    });
  }
}
