import type { Encoding, WeightDType } from "@ripvec/core";
import type { OnnxOptions } from "../onnx/classic-bert.js";
import type { CommonPooling } from "../pooling.js";

/** The model that all engines of a run load from disk. */
export interface BenchModel {
  /** In Hugging Face layout, with the graphs of the chosen engines. */
  readonly directory: string;
  readonly pooling: CommonPooling;
  readonly padId: number;
}

export type InputKind = "ids" | "text";

/** What an engine turns into vectors in one go. */
export type Input =
  | { readonly kind: "ids"; readonly encodings: readonly Encoding[] }
  | { readonly kind: "text"; readonly texts: readonly string[] };

/** A model that is loaded and ready. */
export interface Engine {
  /** One vector of length 1 per text, in order. */
  embed(input: Input): Promise<ArrayLike<number>[]>;
  close(): Promise<void>;
}

export interface EngineSettings {
  readonly threads: number;
  /** One of those that the engine takes. */
  readonly kind: InputKind;
}

/** An ONNX file that an engine reads, by its path inside the model's directory. */
export interface Graph {
  readonly path: string;
  readonly options: OnnxOptions;
}

/** An engine by its name on the command line. */
export interface EngineSpec {
  readonly name: string;
  /** What its matrices are kept in. */
  readonly dtype: WeightDType;
  /** One of ours, or one to be compared with. */
  readonly side: "ours" | "peer";
  readonly takes: readonly InputKind[];
  readonly graph?: Graph;
  /** It knows no padding, so that it takes only loads whose texts have one length. */
  readonly oneLength?: boolean;
  /** Loads the model for inputs of one kind. Throws UnsupportedError where the driver lacks the dtype. */
  open(model: BenchModel, settings: EngineSettings): Promise<Engine>;
}

/** Texts that an engine that pads takes at a time, in the order they come. */
export const peerBatch = 32;

/** The items `size` at a time. */
export function* chunks<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
