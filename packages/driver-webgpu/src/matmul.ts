import type { Tensor } from "@ripvec/core/driver";
import leftScalarText from "../prelude/left_scalar.wgsl?raw";
import leftVectorText from "../prelude/left_vector.wgsl?raw";
import rightF32Text from "../prelude/right_f32.wgsl?raw";
import halfScalarText from "../prelude/right_half_scalar.wgsl?raw";
import halfVectorText from "../prelude/right_half_vector.wgsl?raw";
import i8ScalarText from "../prelude/right_i8_scalar.wgsl?raw";
import i8VectorText from "../prelude/right_i8_vector.wgsl?raw";
import rightScalarText from "../prelude/right_scalar.wgsl?raw";
import rightStorageText from "../prelude/right_storage.wgsl?raw";
import rightVectorText from "../prelude/right_vector.wgsl?raw";
import noScaleText from "../prelude/scale_none.wgsl?raw";
import rowScalesText from "../prelude/scale_rows.wgsl?raw";
import type { Features } from "./dispatch.js";
import { matmulTile, type TileShape } from "./matmul-tile.js";
import { enableSubgroups, halfFormats } from "./preludes.js";
import { type Wgsl, wgsl } from "./shader.js";
import { type Place, placeOf, storageOf } from "./storage.js";

const leftScalar = wgsl("left_scalar", leftScalarText);
const leftVector = wgsl("left_vector", leftVectorText);
const rightStorage = wgsl("right_storage", rightStorageText);
const rightF32 = wgsl("right_f32", rightF32Text);
const rightScalar = wgsl("right_scalar", rightScalarText);
const rightVector = wgsl("right_vector", rightVectorText);
const halfScalar = wgsl("right_half_scalar", halfScalarText);
const halfVector = wgsl("right_half_vector", halfVectorText);
const i8Scalar = wgsl("right_i8_scalar", i8ScalarText);
const i8Vector = wgsl("right_i8_vector", i8VectorText);
const noScale = wgsl("scale_none", noScaleText);
const rowScales = wgsl("scale_rows", rowScalesText);

/** How a product is cut: rows and columns of the tile that one workgroup computes. */
export interface Tiling {
  /** In this order behind nothing but other directives. */
  readonly enables: readonly Wgsl[];
  readonly prelude: Wgsl;
  readonly rows: number;
  readonly cols: number;
}

function tiling(shape: TileShape): Tiling {
  const [down, across] = shape.threads;
  const [rows, cols] = shape.elements;
  return {
    enables: shape.sharing.by === "subgroup" ? [enableSubgroups] : [],
    prelude: matmulTile(shape),
    rows: rows * down,
    cols: cols * across,
  };
}

const inWorkgroup = (depth: number) => ({ by: "workgroup", depth }) as const;

/** For few rows: many workgroups, and few steps along k, each of which waits for memory. */
const short = tiling({ threads: [16, 4], elements: [1, 4], sharing: inWorkgroup(16) });
const middle = tiling({ threads: [8, 8], elements: [4, 4], sharing: inWorkgroup(8) });
/** For grids that fill a GPU: most multiply-adds for a read of workgroup memory. */
const large = tiling({ threads: [8, 8], elements: [8, 8], sharing: inWorkgroup(4) });
/**
 * For adapters in software. They have no wide grid to fill; every read of memory, of a workgroup's too, goes lane by lane.
 * With eight lanes a broadcast costs less than that, with four about as much. Larger tiles take their compilers a minute.
 */
const lanes = 8;
const softwareLanes = tiling({
  threads: [1, lanes],
  elements: [16, 4],
  sharing: { by: "subgroup" },
});
const software = tiling({ threads: [1, 8], elements: [8, 8], sharing: { by: "nothing" } });

/** Below this a grid of large tiles leaves most of a GPU idle. */
const fewTiles = 64;

export interface ProductShape {
  readonly rows: number;
  readonly cols: number;
  /** Products of this shape; 1. */
  readonly batch?: number;
}

/** Every tiling gives the same bits. */
export function tilingFor({ isFallback, subgroupMinSize }: Features, shape: ProductShape): Tiling {
  const { rows, cols, batch = 1 } = shape;
  if (isFallback) return subgroupMinSize >= lanes ? softwareLanes : software;
  if (rows <= short.rows) return short;
  const tiles = Math.ceil(rows / large.rows) * Math.ceil(cols / large.cols) * batch;
  return tiles < fewTiles ? middle : large;
}

/** `left1`, `left4`: binding 0. */
export function leftOperand(place: Place, rowLengths: readonly number[]): Wgsl {
  return isAligned(place, rowLengths) ? leftVector : leftScalar;
}

/** `right1`, `right4`: binding 1, and `scale_of` its rows. A part of a weight starts at 0. */
export function rightOperand(tensor: Tensor, rowLengths: readonly number[]): readonly Wgsl[] {
  const memory = storageOf(tensor);
  const kept = memory.kind === "weight" ? memory.dtype : "storage";
  const aligned = isAligned(placeOf(tensor), rowLengths);
  switch (kept) {
    case "storage":
      return [rightStorage, aligned ? rightVector : rightScalar, noScale];
    case "f32":
      return [rightF32, aligned ? rightVector : rightScalar, noScale];
    case "f16":
    case "bf16":
      return [halfFormats[kept], aligned ? halfVector : halfScalar, noScale];
    case "i8":
      return [aligned ? i8Vector : i8Scalar, rowScales];
    default:
      return kept satisfies never;
  }
}

/** Every row starts and ends at a multiple of four elements. */
function isAligned({ offset }: Place, rowLengths: readonly number[]): boolean {
  return offset % 4 === 0 && rowLengths.every((length) => length % 4 === 0);
}
