import type { DType } from "@ripvec/core/driver";
import normText from "../prelude/norm.wgsl?raw";
import scalarText from "../prelude/norm_scalar.wgsl?raw";
import vectorText from "../prelude/norm_vector.wgsl?raw";
import type { DispatchRequest, Features } from "./dispatch.js";
import { activationType, grid, withReduce } from "./preludes.js";
import { wgsl } from "./shader.js";
import { type GpuTensor, placeOf } from "./storage.js";

const norm = wgsl("norm", normText);
const scalar = wgsl("norm_scalar", scalarText);
const vector = wgsl("norm_vector", vectorText);

/** Columns that a thread keeps in registers: four groups of four, as in norm_vector.wgsl. */
const columnsOfThread = 16;

/**
 * The preludes with `normalize` for rows of `cols`, and the number of its threads. `tensors`: all tensors that the kernel
 * binds. The number of threads, and with it the order of the sums, depends on `cols` alone: so a row has the same bits
 * whether or not it is aligned for loads of four elements.
 */
export function normOf(
  features: Features,
  dtype: DType,
  cols: number,
  tensors: readonly (GpuTensor | undefined)[],
): Pick<DispatchRequest, "preludes" | "constants"> {
  const threads = threadsFor(cols);
  const isAligned = tensors.every((tensor) => !tensor || placeOf(tensor).offset % 4 === 0);
  const isVector = isAligned && cols % 4 === 0 && cols <= columnsOfThread * threads;
  const preludes = [activationType(dtype), grid, norm, isVector ? vector : scalar];
  return { preludes: withReduce(features, preludes), constants: { threads } };
}

/** A row of up to 512 columns, as in most models, fits in the registers of one subgroup of a GPU. */
function threadsFor(cols: number): number {
  if (cols <= 32) return 16;
  if (cols <= 512) return 32;
  if (cols <= 1024) return 64;
  return cols <= 2048 ? 128 : 256;
}
