import type { WeightDType } from "@ripvec/core";

export type ModelFamily = "bert" | "roberta" | "distilbert" | "electra";

/** What a made model looks like. */
export interface ModelSpec {
  readonly family: ModelFamily;
  /** The same spec and seed give the same bytes on every machine. */
  readonly seed: number;
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly intermediate: number;
  /** At least 5. Small vocabularies lack letters: those become unknown tokens. */
  readonly vocabSize: number;
  /** Most tokens in a text. RoBERTa's table gets two rows more, as its positions start at 2. */
  readonly maxPositions: number;
  /** `model_type` in config.json where it differs from the family: "xlm-roberta", "camembert". */
  readonly modelType?: string;
  /** Tensor names start with the family's prefix ("bert."), as saved below a task head. */
  readonly prefix?: boolean;
  /** ELECTRA: width of the embedding tables; a projection to `hidden` follows where they differ. */
  readonly embeddingSize?: number;
  /** Default "mean". */
  readonly pooling?: "cls" | "mean" | "last";
  /** Adds a Normalize module. Default false. */
  readonly normalize?: boolean;
  /** Adds a Dense module between pooling and normalisation. */
  readonly dense?: { readonly out: number; readonly activation: "tanh" | "identity" };
  /** False leaves modules.json and its folders out, as in a bare checkpoint. Default true. */
  readonly modules?: boolean;
  /** Activation by its Hugging Face name. Default "gelu". */
  readonly act?: string;
  /** Of the layer norms. Default 1e-12, RoBERTa 1e-5. */
  readonly eps?: number;
  /** Of all weights in the file. Default "f32". */
  readonly dtype?: "f32" | "f16" | "bf16";
  /**
   * Of the encoder's matrices and tables, where it is another one: a checkpoint that was converted to fewer bits,
   * which keeps its vectors and the modules after the encoder. i8 has scales beside it.
   */
  readonly matrixDtype?: WeightDType;
  /** Whole words added to a WordPiece vocabulary; ignored by RoBERTa's byte pairs. */
  readonly words?: readonly string[];
}
