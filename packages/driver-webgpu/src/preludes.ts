import type { DType } from "@ripvec/core/driver";
import f16Text from "../prelude/activation_f16.wgsl?raw";
import f32Text from "../prelude/activation_f32.wgsl?raw";
import enableSubgroupsText from "../prelude/enable_subgroups.wgsl?raw";
import functionsText from "../prelude/functions.wgsl?raw";
import gridText from "../prelude/grid.wgsl?raw";
import halfBf16Text from "../prelude/half_bf16.wgsl?raw";
import halfF16Text from "../prelude/half_f16.wgsl?raw";
import reduceSubgroupText from "../prelude/reduce_subgroup.wgsl?raw";
import reduceWorkgroupText from "../prelude/reduce_workgroup.wgsl?raw";
import type { Features } from "./dispatch.js";
import { type Constants, type Wgsl, wgsl } from "./shader.js";

const activationF32 = wgsl("activation_f32", f32Text);
const activationF16 = wgsl("activation_f16", f16Text);
/** A directive, which must precede everything else. */
export const enableSubgroups: Wgsl = wgsl("enable_subgroups", enableSubgroupsText);
const reduceSubgroup = wgsl("reduce_subgroup", reduceSubgroupText);
const reduceWorkgroup = wgsl("reduce_workgroup", reduceWorkgroupText);

/** `Activation`, the type of activations, and `to_activation`. It goes first, since f16 must be enabled before all else. */
export const activationType = (dtype: DType): Wgsl =>
  dtype === "f16" ? activationF16 : activationF32;

/** `widened`, which converts the 16 bits of a weight to f32. */
export const halfFormats: Readonly<Record<"f16" | "bf16", Wgsl>> = {
  f16: wgsl("half_f16", halfF16Text),
  bf16: wgsl("half_bf16", halfBf16Text),
};

/** `group_index`, which every kernel needs, since grids are folded into two dimensions. */
export const grid: Wgsl = wgsl("grid", gridText);

/** `gelu_of`, `tanh_of`, `larger_of`, `is_nan`. */
export const functions: Wgsl = wgsl("functions", functionsText);

/**
 * Adds `workgroup_sum` and `workgroup_max` over `threads` to the preludes. They use subgroups if the device has them, which
 * a directive before everything else must enable.
 */
export const withReduce = (
  { subgroupMinSize }: Features,
  preludes: readonly Wgsl[],
): readonly Wgsl[] =>
  subgroupMinSize > 0
    ? [enableSubgroups, ...preludes, reduceSubgroup]
    : [...preludes, reduceWorkgroup];

/** Number of threads for a row. It depends on the length of the row alone, and so does the order of its sums. */
export function rowThreads(cols: number): Constants {
  return { threads: cols > 512 ? 256 : cols > 128 ? 128 : cols > 32 ? 64 : 16 };
}

/** Number of workgroups of 256 threads, where each thread computes one element. */
export const groupsOf256 = (size: number): number => Math.ceil(size / 256);
