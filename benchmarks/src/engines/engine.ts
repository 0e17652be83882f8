import type { Encoding, WeightDType } from "@ripvec/core";
import type { OnnxOptions } from "../onnx/classic-bert.js";
import type { CommonPooling } from "../pooling.js";

/** The model that all engines of a run load from disk. */
export interface BenchModel {
  /** A folder in Hugging Face layout, with the graphs of the chosen engines. */
  readonly directory: string;
  readonly pooling: CommonPooling;
  readonly padId: number;
}

export type InputKind = "ids" | "text";

/** The input of one call of an engine. */
export type Input =
  | { readonly kind: "ids"; readonly encodings: readonly Encoding[] }
  | { readonly kind: "text"; readonly texts: readonly string[] };

/** A loaded model. */
export interface Engine {
  /** One vector of length 1 per text, in order. */
  embed(input: Input): Promise<ArrayLike<number>[]>;
  close(): Promise<void>;
}

export interface EngineSettings {
  readonly threads: number;
  /** The kinds of input that the engine accepts. */
  readonly kind: InputKind;
}

/** An ONNX file that an engine reads, by its path inside the model's directory. */
export interface Graph {
  readonly path: string;
  readonly options: OnnxOptions;
}

/** An engine and its name on the command line. */
export interface EngineSpec {
  readonly name: string;
  /** The dtype of its matrices. */
  readonly dtype: WeightDType;
  /** Whether it is one of ripvec's engines, or a peer. */
  readonly side: "ours" | "peer";
  readonly takes: readonly InputKind[];
  readonly graph?: Graph;
  /** Whether it has no mask, so that it runs only loads whose texts have one length. */
  readonly oneLength?: boolean;
  /**
   * Loads the model for one kind of input. Throws UnsupportedError when the driver does not have
   * the dtype.
   */
  open(model: BenchModel, settings: EngineSettings): Promise<Engine>;
}

/** Number of texts that a padding engine gets at a time, in their given order. */
export const peerBatch = 32;

/** The items in groups of `size`. */
export function* chunks<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
