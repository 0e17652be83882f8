import type { WeightDType } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { weightView } from "@ripvec/core/driver";
import { keptValues } from "../numbers/kept-weights.js";
import { Random } from "../numbers/random.js";
import type { ArchModel, ModelTensor } from "./arch-model.js";

/** Vectors in f64, such as the token vectors of a text. */
export type Rows = readonly (readonly number[])[];

/** The tokens of one text. */
export interface PlainText {
  readonly ids: readonly number[];
  /** The token types: as many as ids, and all 0 if the model has none. */
  readonly types: readonly number[];
}

/** A model as an author's f64 pass reads it: the config, and the weights as plain numbers. */
export class PlainModel {
  readonly name: string;
  readonly config: JsonObject;
  readonly #tensors: ReadonlyMap<string, Rows>;

  constructor(name: string, config: JsonObject, tensors: ReadonlyMap<string, Rows>) {
    this.name = name;
    this.config = config;
    this.#tensors = tensors;
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  /** The rows of a tensor of two dimensions. Throws RangeError if the model has no such tensor. */
  matrix(name: string): Rows {
    const rows = this.#tensors.get(name);
    if (!rows) throw new RangeError(`model ${this.name} has no tensor ${name}`);
    return rows;
  }

  /** The values of a tensor of one dimension. Throws RangeError if the model has no such tensor. */
  vector(name: string): readonly number[] {
    return this.matrix(name)[0] ?? [];
  }

  /** A number of the config. Throws RangeError if it is absent and there is no fallback. */
  number(key: string, fallback?: number): number {
    const value = this.config[key] ?? fallback;
    if (typeof value === "number") return value;
    throw new RangeError(`config of model ${this.name} has no number ${key}`);
  }
}

/** The model with its matrices and tables rounded to the dtype that a driver keeps them in. */
export function plainModel(
  model: ArchModel,
  config: JsonObject = {},
  dtype: WeightDType = "f32",
): PlainModel {
  return withValues(model, config, (tensor) => keptTensor(tensor, dtype));
}

/** How much of a weight is changed at random. */
export interface Noise {
  /** The largest change, relative to the weight. */
  readonly step: number;
  /** Whether matrices and tables in 8 bits are changed by up to half the distance of two neighbouring values instead. */
  readonly isQuantising: boolean;
}

/** The model as `plainModel` gives it, with every weight changed at random. */
export function perturbedModel(
  model: ArchModel,
  config: JsonObject,
  dtype: WeightDType,
  { step, isQuantising }: Noise,
  seed: string,
): PlainModel {
  return withValues(model, config, (tensor) => {
    const random = new Random(`${seed}/${tensor.name}`);
    const cols = tensor.shape.at(-1) ?? 1;
    const kept = keptTensor(tensor, dtype);
    const changesSteps = isQuantising && isNarrowed(tensor);
    return Float64Array.from(kept, (value, i) => {
      const row = Math.floor(i / cols) * cols;
      const most = changesSteps ? largest(kept, row, cols) / 254 : Math.abs(value) * step;
      return value + most * (2 * random.uniform() - 1);
    });
  });
}

const isNarrowed = ({ shape }: ModelTensor) => shape.length === 2;

function keptTensor(tensor: ModelTensor, dtype: WeightDType): Float32Array {
  if (!isNarrowed(tensor)) return tensor.values;
  return keptValues(weightView(tensor.name, tensor.shape, tensor.values), dtype);
}

function largest(values: Float32Array, from: number, count: number): number {
  return values
    .subarray(from, from + count)
    .reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function withValues(
  { name, config, tensors }: ArchModel,
  changes: JsonObject,
  valuesOf: (tensor: ModelTensor) => ArrayLike<number>,
): PlainModel {
  const rows = tensors.map((tensor) => [tensor.name, rowsOf(valuesOf(tensor), tensor)] as const);
  return new PlainModel(name, { ...config, ...changes }, new Map(rows));
}

function rowsOf(values: ArrayLike<number>, { shape }: ModelTensor): Rows {
  const cols = shape.at(-1) ?? 1;
  const all = Array.from(values);
  return Array.from({ length: all.length / cols }, (_, r) => all.slice(r * cols, (r + 1) * cols));
}
