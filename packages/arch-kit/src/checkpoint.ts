import { type Driver, ModelFileError, type WeightDType } from "@ripvec/core";
import {
  concatRows,
  type DType,
  expectShape,
  floatDTypes,
  sliceRows,
  type Tensor,
  type WeightSource,
  type WeightView,
} from "@ripvec/core/arch";

/** Something that was checked against the checkpoint and now only waits for a driver. */
export type Planned<T> = (driver: Driver) => T;

/** y = x · weightᵀ + bias, of `ops.linear`. */
export interface Linear {
  readonly weight: Tensor;
  readonly bias?: Tensor<"f32">;
}

/** Of `ops.layer_norm` and `ops.fused_residual_layer_norm`. */
export interface LayerNorm {
  readonly weight: Tensor<"f32">;
  readonly bias: Tensor<"f32">;
}

/** What a matrix or table may be stored in. */
const narrow: readonly DType[] = [...floatDTypes, "i8"];

/**
 * Weights of a model by name. Every method checks presence, dtype and shape at once, throwing
 * ModelFileError with the tensor's name, and creates nothing until its plan meets a driver.
 */
export class Checkpoint {
  readonly #source: WeightSource;
  readonly #prefix: string;
  readonly #dtype: WeightDType | undefined;

  /** `prefix` stands before every name; `dtype` is what matrices and tables are kept in. */
  constructor(source: WeightSource, prefix = "", dtype?: WeightDType) {
    this.#source = source;
    this.#prefix = prefix;
    this.#dtype = dtype;
  }

  /** The layers at `names` [rows, cols] stacked into one [names · rows, cols]. */
  linear(names: readonly string[], rows: number, cols: number, hasBias = true): Planned<Linear> {
    const weights = names.map((name) => this.#view(`${name}.weight`, [rows, cols], narrow));
    const biases = hasBias
      ? names.map((name) => this.#view(`${name}.bias`, [rows], floatDTypes))
      : [];
    const weight = this.#matrix(stack(weights));
    if (!hasBias) return (driver) => ({ weight: weight(driver) });
    const bias = this.#vector(stack(biases));
    return (driver) => ({ weight: weight(driver), bias: bias(driver) });
  }

  /** Checkpoints converted from TensorFlow call weight and bias gamma and beta. */
  layerNorm(name: string, size: number): Planned<LayerNorm> {
    const old = !this.#has(`${name}.weight`) && this.#has(`${name}.gamma`);
    const weight = this.#vector(
      this.#view(`${name}.${old ? "gamma" : "weight"}`, [size], floatDTypes),
    );
    const bias = this.#vector(this.#view(`${name}.${old ? "beta" : "bias"}`, [size], floatDTypes));
    return (driver) => ({ weight: weight(driver), bias: bias(driver) });
  }

  /** The rows from `from` on of the tensor at `name` [rows, cols]. */
  table(name: string, rows: number, cols: number, from = 0): Planned<Tensor> {
    const view = sliceRows(this.#view(`${name}.weight`, [rows, cols], narrow), from);
    const options = { dtype: this.#dtype };
    return (driver) => driver.createTensor(view, "table", options);
  }

  #view(name: string, shape: readonly number[], dtypes: readonly DType[]): WeightView {
    const view = this.#source.get(this.#prefix + name);
    if (!dtypes.includes(view.dtype)) {
      throw new ModelFileError(`expected dtype ${dtypes.join(", ")}, got ${view.dtype}`, {
        path: this.#source.path,
        tensor: view.name,
      });
    }
    return expectShape(view, shape);
  }

  #has(name: string): boolean {
    return this.#source.has(this.#prefix + name);
  }

  #vector(view: WeightView): Planned<Tensor<"f32">> {
    return (driver) => driver.createTensor(view, "vector") as Tensor<"f32">;
  }

  #matrix(view: WeightView): Planned<Tensor> {
    const options = { dtype: this.#dtype };
    return (driver) => driver.createTensor(view, "matrix", options);
  }
}

/** One view stays as it is, so that a driver may still map it from its file. */
function stack(views: readonly WeightView[]): WeightView {
  const [first, second] = views;
  return first && !second ? first : concatRows(views.map((view) => view.name).join(" + "), views);
}
