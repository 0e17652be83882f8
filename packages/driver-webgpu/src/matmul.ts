import leftScalarText from "../prelude/left_scalar.wgsl?raw";
import leftVectorText from "../prelude/left_vector.wgsl?raw";
import rightActivationText from "../prelude/right_activation.wgsl?raw";
import rightF32Text from "../prelude/right_f32.wgsl?raw";
import halfScalarText from "../prelude/right_half_scalar.wgsl?raw";
import halfVectorText from "../prelude/right_half_vector.wgsl?raw";
import i8ScalarText from "../prelude/right_i8_scalar.wgsl?raw";
import i8VectorText from "../prelude/right_i8_vector.wgsl?raw";
import rightScalarText from "../prelude/right_scalar.wgsl?raw";
import rightVectorText from "../prelude/right_vector.wgsl?raw";
import noScaleText from "../prelude/scale_none.wgsl?raw";
import rowScalesText from "../prelude/scale_rows.wgsl?raw";
import type { Features } from "./dispatch.js";
import { matmulTile, type TileShape } from "./matmul-tile.js";
import { enableSubgroups, halfFormats } from "./preludes.js";
import { type Wgsl, wgsl } from "./shader.js";
import { type GpuTensor, type Place, placeOf } from "./storage.js";

const leftScalar = wgsl("left_scalar", leftScalarText);
const leftVector = wgsl("left_vector", leftVectorText);
const rightActivation = wgsl("right_activation", rightActivationText);
const rightF32 = wgsl("right_f32", rightF32Text);
const rightScalar = wgsl("right_scalar", rightScalarText);
const rightVector = wgsl("right_vector", rightVectorText);
const halfScalar = wgsl("right_half_scalar", halfScalarText);
const halfVector = wgsl("right_half_vector", halfVectorText);
const i8Scalar = wgsl("right_i8_scalar", i8ScalarText);
const i8Vector = wgsl("right_i8_vector", i8VectorText);
const noScale = wgsl("scale_none", noScaleText);
const rowScales = wgsl("scale_rows", rowScalesText);

/** How a product is divided into tiles, of which one workgroup computes one. */
export interface Tiling {
  /** Directives: only other directives may precede them. */
  readonly enables: readonly Wgsl[];
  readonly prelude: Wgsl;
  /** The size of a tile. */
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

/**
 * The tiling for few rows has many workgroups, and few steps along k, since each of them waits for
 * memory.
 */
const short = tiling({ threads: [16, 4], elements: [1, 4], sharing: inWorkgroup(16) });
const middle = tiling({ threads: [8, 8], elements: [4, 4], sharing: inWorkgroup(8) });
/**
 * The tiling for grids that occupy a whole GPU has the most multiply-adds for each read of
 * workgroup memory.
 */
const large = tiling({ threads: [8, 8], elements: [8, 8], sharing: inWorkgroup(4) });
/**
 * The tiling for software adapters. They need no wide grid, and every read of memory, workgroup
 * memory included, is done lane by lane of a subgroup. A broadcast costs less than that with eight
 * lanes, and about as much with four. Their compilers take a minute for larger tiles.
 */
const lanes = 8;
const softwareLanes = tiling({
  threads: [1, lanes],
  elements: [16, 4],
  sharing: { by: "subgroup" },
});
const software = tiling({ threads: [1, 8], elements: [8, 8], sharing: { by: "nothing" } });

/** With fewer tiles than this, large ones leave most of a GPU idle. */
const fewTiles = 64;

export interface ProductShape {
  readonly rows: number;
  readonly cols: number;
  /** Number of products of this shape. Default: 1. */
  readonly batch?: number;
}

/** Chooses the tiling for a product. Every tiling gives the same bits. */
export function tilingFor({ isFallback, subgroupMinSize }: Features, shape: ProductShape): Tiling {
  const { rows, cols, batch = 1 } = shape;
  if (isFallback) return subgroupMinSize >= lanes ? softwareLanes : software;
  if (rows <= short.rows) return short;
  const tiles = Math.ceil(rows / large.rows) * Math.ceil(cols / large.cols) * batch;
  return tiles < fewTiles ? middle : large;
}

/** The prelude with `left1` and `left4`, which read binding 0. */
export function leftOperand(place: Place, rowLengths: readonly number[]): Wgsl {
  return isAligned(place, rowLengths) ? leftVector : leftScalar;
}

/**
 * The preludes with `right1` and `right4`, which read binding 1, and with `scale_of` its rows. Every part of a weight starts
 * at element 0 of its buffer.
 */
export function rightOperand(tensor: GpuTensor, rowLengths: readonly number[]): readonly Wgsl[] {
  const { storage } = tensor;
  const dtype = storage.kind === "weight" ? storage.dtype : "activation";
  const aligned = isAligned(placeOf(tensor), rowLengths);
  switch (dtype) {
    case "activation":
      return [rightActivation, aligned ? rightVector : rightScalar, noScale];
    case "f32":
      return [rightF32, aligned ? rightVector : rightScalar, noScale];
    case "f16":
    case "bf16":
      return [halfFormats[dtype], aligned ? halfVector : halfScalar, noScale];
    case "i8":
      return [aligned ? i8Vector : i8Scalar, rowScales];
    default:
      return dtype satisfies never;
  }
}

/** Whether every row starts and ends at a multiple of four elements. */
function isAligned({ offset }: Place, rowLengths: readonly number[]): boolean {
  return offset % 4 === 0 && rowLengths.every((length) => length % 4 === 0);
}
