import { InputError, ModelFileError, type WeightDType } from "@ripvec/core";
import {
  type DType,
  dtypeByteLength,
  floatDTypes,
  scaleName,
  sizeOf,
  type WeightSource,
  type WeightView,
} from "@ripvec/core/arch";
import type { EncoderWeights } from "./encoder-weights.js";

/** The dtypes that a checkpoint can be converted to. */
export type NarrowDType = Exclude<WeightDType, "f32">;

/** A tensor as the new file holds it. */
export interface StoredTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly byteLength: number;
}

/**
 * A tensor of the model and what is written for it: the tensor itself, or in 8 bits its values and
 * scales.
 */
export interface PlannedTensor {
  readonly view: WeightView;
  readonly narrow: boolean;
  readonly stored: readonly StoredTensor[];
}

/**
 * What is written for each tensor of a model. Throws InputError for a model that is in 8 bits
 * already, and ModelFileError when another tensor already has the name of the scales.
 */
export function planTensors(
  weights: WeightSource,
  encoder: EncoderWeights,
  dtype: NarrowDType,
): PlannedTensor[] {
  return weights.names.map((name) => {
    const view = weights.get(name);
    const narrow = encoder.narrow.has(name) || isOtherMatrix(view, encoder);
    const { path } = weights;
    if (narrow && dtype === "i8" && weights.has(scaleName(name))) {
      throw new ModelFileError(
        "has the name under which the scales of another tensor would be written",
        {
          path,
          tensor: scaleName(name),
        },
      );
    }
    return { view, narrow, stored: narrow ? narrowed(view, dtype) : [storedAs(view, view.dtype)] };
  });
}

/** Writes every tensor unchanged, for modules after the encoder. */
export function planUnchanged(weights: WeightSource): PlannedTensor[] {
  return weights.names.map((name) => {
    const view = weights.get(name);
    return { view, narrow: false, stored: [storedAs(view, view.dtype)] };
  });
}

/**
 * Whether a tensor is a matrix outside of the encoder, as of a pooler or a task head. transformers
 * wants every Linear and Embedding of a checkpoint to have one dtype.
 */
function isOtherMatrix({ name, dtype, shape }: WeightView, { read }: EncoderWeights): boolean {
  return (
    !read.has(name) && name.endsWith(".weight") && shape.length === 2 && floatDTypes.includes(dtype)
  );
}

/** Throws InputError when the model is in 8 bits already. */
export function refuseEightBits(weights: WeightSource): void {
  const found = weights.names.find((name) => weights.get(name).dtype === "i8");
  if (found === undefined) return;
  throw new InputError(
    `${weights.path} is in 8 bits already (tensor ${found}): convert the model that it was made from`,
  );
}

function narrowed(view: WeightView, dtype: NarrowDType): StoredTensor[] {
  const values = storedAs(view, dtype);
  if (dtype !== "i8") return [values];
  const shape = [view.shape[0] ?? 0, 1];
  return [values, storedAs({ name: scaleName(view.name), shape }, "f32")];
}

function storedAs({ name, shape }: Pick<WeightView, "name" | "shape">, dtype: DType): StoredTensor {
  return { name, dtype, shape, byteLength: sizeOf(shape) * dtypeByteLength(dtype) };
}
