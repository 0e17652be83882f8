import type { WeightDType } from "@ripvec/core";
import type { Problem } from "./problem.js";

/** A text as the user added it: a file, or pasted text. */
export interface SourceText {
  readonly name: string;
  readonly text: string;
}

export interface ModelChoice {
  /** The name to display. */
  readonly name: string;
  /** Hugging Face id, or absolute URL of a folder. */
  readonly place: string;
  /** The files of the folder, if they are known. */
  readonly files?: readonly string[] | undefined;
  /** Required SHA-256 digests, by path. */
  readonly sha256?: Readonly<Record<string, string>> | undefined;
  /** The dtype of matrices and tables. Default: that of the driver and the files. */
  readonly weights?: WeightDType | undefined;
}

/** The running model, for display. */
export interface ModelFacts {
  readonly name: string;
  readonly device: string;
  readonly weights: WeightDType;
  readonly dim: number;
  readonly maxTokens: number;
}

/**
 * A part of a text that can be found. Its id is its index in the order in which chunks were
 * indexed.
 */
export interface IndexedChunk {
  /** Name of the text. */
  readonly name: string;
  /** Line where it begins, from 1. */
  readonly line: number;
  readonly text: string;
}

export interface IndexProgress {
  /** Completed part of the characters of all texts, 0 … 1. */
  readonly fraction: number;
  /** Figures of this run. */
  readonly chunks: number;
  readonly tokens: number;
  readonly seconds: number;
}

export interface Hit {
  readonly chunk: number;
  /** Cosine similarity with the query. */
  readonly score: number;
}

/** Messages from the page to the worker. */
export type Request =
  | ({ readonly kind: "load" } & ModelChoice)
  | { readonly kind: "add"; readonly texts: readonly SourceText[] }
  /** Stops what runs: the loading of a model, or indexing. What is indexed stays. */
  | { readonly kind: "cancel" }
  | { readonly kind: "clear" }
  /** A later query takes the place of one that was not answered. Blank: none. */
  | { readonly kind: "search"; readonly query: string };

/** Messages from the worker to the page. */
export type Report =
  /**
   * `bytes` of the files that arrived; without it, all files have arrived and the device is being
   * prepared.
   */
  | {
      readonly kind: "loading";
      readonly bytes?: { readonly loaded: number; readonly total: number | undefined };
    }
  | { readonly kind: "ready"; readonly facts: ModelFacts }
  /** Nothing is indexed any more. */
  | { readonly kind: "reset" }
  /** The next chunks that can be found. */
  | { readonly kind: "chunks"; readonly chunks: readonly IndexedChunk[] }
  /** x, y of the chunks from `first` on. */
  | { readonly kind: "map"; readonly first: number; readonly points: Float32Array }
  | { readonly kind: "progress"; readonly progress: IndexProgress }
  | { readonly kind: "indexed"; readonly progress: IndexProgress }
  | {
      readonly kind: "hits";
      readonly query: string;
      readonly hits: readonly Hit[];
      /** Number of chunks compared. */
      readonly compared: number;
      readonly embedMs: number;
      readonly compareMs: number;
    }
  | { readonly kind: "cancelled"; readonly what: "load" | "index" }
  | {
      readonly kind: "failed";
      readonly what: "load" | "index" | "search";
      readonly problem: Problem;
    };
