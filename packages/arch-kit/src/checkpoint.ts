import { ModelFileError, type WeightDType } from "@ripvec/core";
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
import { type Planned, planVector } from "./planned.js";

/** The weights of `ops.linear`: y = x · weightᵀ + bias. */
export interface Linear {
  /** [outputs, inputs] */
  readonly weight: Tensor;
  /** [outputs] */
  readonly bias?: Tensor<"f32">;
}

/** The weights of `ops.layer_norm` and `ops.fused_residual_layer_norm`. */
export interface LayerNorm {
  /** [size] */
  readonly weight: Tensor<"f32">;
  /** [size] */
  readonly bias?: Tensor<"f32">;
}

/** One of several linear layers with the same input. */
export interface LinearPart {
  readonly name: string;
  readonly outputs: number;
}

export interface BiasOption {
  /** Default: true. Where it is false, a bias in the checkpoint is ignored. */
  readonly hasBias?: boolean;
}

/** The dtypes that a matrix or table may be stored in. */
const matrixDTypes: readonly DType[] = [...floatDTypes, "i8"];

/**
 * The weights of a model by name. A method checks that its tensors exist and have the expected dtype and shape, and
 * throws ModelFileError with the tensor's name otherwise. It creates nothing: the returned plan does so when it is given
 * a driver. Names are those in the checkpoint without the prefix and without `.weight` and `.bias`.
 */
export class Checkpoint {
  readonly #source: WeightSource;
  readonly #dtype: WeightDType | undefined;
  #prefix = "";
  /** Dtypes of the matrices that were created; shared by all prefixes of a checkpoint. */
  #created = new Set<WeightDType>();

  /** `dtype`: what matrices and tables are kept in, as `ArchOptions.dtype` says. */
  constructor(source: WeightSource, dtype?: WeightDType) {
    this.#source = source;
    this.#dtype = dtype;
  }

  /**
   * The tensors below a prefix: the first of `prefixes` with which the checkpoint has `tensor`, or else the last one.
   * Checkpoints that were saved with a task head have a prefix and others do not: `under(["bert.", ""],
   * "embeddings.word_embeddings.weight")`.
   */
  under(prefixes: readonly string[], tensor: string): Checkpoint {
    const found = prefixes.find((prefix) => this.#source.has(this.#prefix + prefix + tensor));
    const below = new Checkpoint(this.#source, this.#dtype);
    below.#prefix = this.#prefix + (found ?? prefixes.at(-1) ?? "");
    below.#created = this.#created;
    return below;
  }

  /** What the matrices that were created so far are kept in: f32 only if all of them are. */
  get weightDtype(): WeightDType {
    return [...this.#created].find((dtype) => dtype !== "f32") ?? "f32";
  }

  /** A linear layer [outputs, inputs]. */
  linear(name: string, outputs: number, inputs: number, options: BiasOption = {}): Planned<Linear> {
    return this.stackedLinear([{ name, outputs }], inputs, options);
  }

  /**
   * Linear layers with the same input as one: [sum of outputs, inputs], the rows in the order of `parts`. Query, key and
   * value make one matrix in this way, also where keys and values have fewer heads.
   */
  stackedLinear(
    parts: readonly LinearPart[],
    inputs: number,
    { hasBias = true }: BiasOption = {},
  ): Planned<Linear> {
    const weight = this.#matrix(
      stack(
        parts.map(({ name, outputs }) =>
          this.#view(`${name}.weight`, [outputs, inputs], matrixDTypes),
        ),
      ),
    );
    if (!hasBias) return (driver) => ({ weight: weight(driver) });
    const bias = planVector(
      stack(parts.map(({ name, outputs }) => this.view(`${name}.bias`, [outputs]))),
    );
    return (driver) => ({ weight: weight(driver), bias: bias(driver) });
  }

  /**
   * The weights of a norm over `size` elements; without bias also those of an RMSNorm. Checkpoints that were converted
   * from TensorFlow call weight and bias gamma and beta.
   */
  layerNorm(name: string, size: number, { hasBias = true }: BiasOption = {}): Planned<LayerNorm> {
    const isOld = !this.#has(`${name}.weight`) && this.#has(`${name}.gamma`);
    const weight = this.vector(`${name}.${isOld ? "gamma" : "weight"}`, [size]);
    if (!hasBias) return (driver) => ({ weight: weight(driver) });
    const bias = this.vector(`${name}.${isOld ? "beta" : "bias"}`, [size]);
    return (driver) => ({ weight: weight(driver), bias: bias(driver) });
  }

  /** An embedding table [rows, cols], without its first `from` rows. */
  table(name: string, rows: number, cols: number, from = 0): Planned<Tensor> {
    const view = sliceRows(this.#view(`${name}.weight`, [rows, cols], matrixDTypes), from);
    const options = { dtype: this.#dtype };
    return (driver) => driver.createTensor(view, "table", options);
  }

  /** A tensor of floats of any shape under its full name, kept in f32. */
  vector(name: string, shape: readonly number[]): Planned<Tensor<"f32">> {
    return planVector(this.view(name, shape));
  }

  /** A tensor of floats under its full name, for an architecture that computes something from its values. */
  view(name: string, shape: readonly number[]): WeightView {
    return this.#view(name, shape, floatDTypes);
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

  #matrix(view: WeightView): Planned<Tensor> {
    return (driver) => {
      const tensor = driver.createTensor(view, "matrix", { dtype: this.#dtype });
      this.#created.add(tensor.dtype as WeightDType);
      return tensor;
    };
  }
}

/** A single view stays as it is, so that a driver can still read it from its file. */
function stack(views: readonly WeightView[]): WeightView {
  const [first, second] = views;
  return first && !second ? first : concatRows(views.map((view) => view.name).join(" + "), views);
}
