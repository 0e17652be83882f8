import type { WeightDType } from "@ripvec/core";

export type ModelFamily = "bert" | "roberta" | "distilbert" | "electra";

/** Describes a model that `makeModel` makes. */
export interface ModelSpec {
  readonly family: ModelFamily;
  /** The same spec with the same seed gives the same bytes on every machine. */
  readonly seed: number;
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly intermediate: number;
  /** At least 5. A small vocabulary lacks letters, which become unknown tokens. */
  readonly vocabSize: number;
  /** The largest number of tokens in a text. RoBERTa's table has two more rows, since its positions start at 2. */
  readonly maxPositions: number;
  /** `model_type` in config.json where it differs from the family: "xlm-roberta", "camembert". */
  readonly modelType?: string;
  /** Tensor names start with the family's prefix ("bert."), as saved below a task head. */
  readonly prefix?: boolean;
  /** ELECTRA only: the width of the embedding tables. A projection to `hidden` follows where the two differ. */
  readonly embeddingSize?: number;
  /** Default "mean". */
  readonly pooling?: "cls" | "mean" | "last";
  /** Adds a Normalize module. Default false. */
  readonly normalize?: boolean;
  /** Adds a Dense module between pooling and normalisation. */
  readonly dense?: { readonly out: number; readonly activation: "tanh" | "identity" };
  /** False omits modules.json and its folders, as in a plain checkpoint of transformers. Default true. */
  readonly modules?: boolean;
  /** Activation by its Hugging Face name. Default "gelu". */
  readonly act?: string;
  /** The epsilon of the layer norms. Default 1e-12, for RoBERTa 1e-5. */
  readonly eps?: number;
  /** The dtype of all weights in the file. Default "f32". */
  readonly dtype?: "f32" | "f16" | "bf16";
  /**
   * The dtype of the encoder's matrices and tables, where it differs from `dtype`. The result is a checkpoint that was
   * converted to fewer bits, with vectors and the modules after the encoder unchanged. i8 tensors have their scales
   * beside them.
   */
  readonly matrixDtype?: WeightDType;
  /** Whole words that a WordPiece vocabulary also contains. RoBERTa's byte pairs ignore them. */
  readonly words?: readonly string[];
}
