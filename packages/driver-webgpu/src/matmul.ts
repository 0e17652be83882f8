import type { Tensor } from "@ripvec/core";
import bf16Text from "../prelude/half_bf16.wgsl?raw";
import f16Text from "../prelude/half_f16.wgsl?raw";
import leftScalarText from "../prelude/left_scalar.wgsl?raw";
import leftVectorText from "../prelude/left_vector.wgsl?raw";
import matmulText from "../prelude/matmul.wgsl?raw";
import smallText from "../prelude/matmul_1x1.wgsl?raw";
import largeText from "../prelude/matmul_4x4.wgsl?raw";
import rightF32Text from "../prelude/right_f32.wgsl?raw";
import halfScalarText from "../prelude/right_half_scalar.wgsl?raw";
import halfVectorText from "../prelude/right_half_vector.wgsl?raw";
import rightScalarText from "../prelude/right_scalar.wgsl?raw";
import rightStorageText from "../prelude/right_storage.wgsl?raw";
import rightVectorText from "../prelude/right_vector.wgsl?raw";
import { type Wgsl, wgsl } from "./shader.js";
import { type Place, placeOf, storageOf, type WeightFormat } from "./storage.js";

const matmul = wgsl("matmul", matmulText);
const leftScalar = wgsl("left_scalar", leftScalarText);
const leftVector = wgsl("left_vector", leftVectorText);
const rightStorage = wgsl("right_storage", rightStorageText);
const rightF32 = wgsl("right_f32", rightF32Text);
const rightScalar = wgsl("right_scalar", rightScalarText);
const rightVector = wgsl("right_vector", rightVectorText);
const halfScalar = wgsl("right_half_scalar", halfScalarText);
const halfVector = wgsl("right_half_vector", halfVectorText);
const halfFormats = {
  f16: wgsl("half_f16", f16Text),
  bf16: wgsl("half_bf16", bf16Text),
} as const;

/** How a product is cut: rows and columns of the tile that one workgroup computes. */
export interface Tiling {
  readonly prelude: Wgsl;
  readonly rows: number;
  readonly cols: number;
}

const large: Tiling = { prelude: wgsl("matmul_4x4", largeText), rows: 64, cols: 64 };
const small: Tiling = { prelude: wgsl("matmul_1x1", smallText), rows: 16, cols: 16 };

/** Below this a grid of large tiles leaves most of a GPU idle. */
const fewTiles = 64;

/** Every tiling gives the same bits. */
export function tilingFor(rows: number, cols: number, batch = 1): Tiling {
  const tiles = Math.ceil(rows / large.rows) * Math.ceil(cols / large.cols) * batch;
  return rows <= small.rows || tiles < fewTiles ? small : large;
}

/** `left1`, `left4`: binding 0. */
export function leftOperand(place: Place, rowLengths: readonly number[]): Wgsl {
  return isAligned(place, rowLengths) ? leftVector : leftScalar;
}

/** `right1`, `right4`: binding 1. A part of a weight starts at 0. */
export function rightOperand(tensor: Tensor, rowLengths: readonly number[]): readonly Wgsl[] {
  const memory = storageOf(tensor);
  const format: WeightFormat | "storage" = memory.kind === "weight" ? memory.format : "storage";
  const aligned = isAligned(placeOf(tensor), rowLengths);
  switch (format) {
    case "storage":
      return [rightStorage, aligned ? rightVector : rightScalar];
    case "f32":
      return [rightF32, aligned ? rightVector : rightScalar];
    case "f16":
    case "bf16":
      return [halfFormats[format], aligned ? halfVector : halfScalar];
    default:
      return format satisfies never;
  }
}

export const matmulPreludes = (tiling: Tiling): readonly Wgsl[] => [matmul, tiling.prelude];

/** Every row starts and ends at a multiple of four elements. */
function isAligned({ offset }: Place, rowLengths: readonly number[]): boolean {
  return offset % 4 === 0 && rowLengths.every((length) => length % 4 === 0);
}
