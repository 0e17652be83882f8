import type { EmbedBackend, Tokenizer } from "@ripvec/core";
import type { ModelChoice, ModelFacts } from "../protocol.js";

/** A loaded model. */
export interface Session {
  readonly facts: ModelFacts;
  readonly backend: EmbedBackend;
  readonly tokenizer: Tokenizer;
  /** Prompts put before queries and before texts, if the model has them. */
  readonly prompts: { readonly query: string; readonly text: string };
}

export interface OpenOptions {
  readonly signal: AbortSignal;
  /**
   * Bytes of all files that arrived. `total` counts the files known so far, once they are most of
   * the model.
   */
  readonly onBytes: (bytes: { loaded: number; total: number | undefined }) => void;
  /** All files have arrived. */
  readonly onFiles: () => void;
}

/** The code that opens a session closes its backend. */
export type OpenSession = (choice: ModelChoice, options: OpenOptions) => Promise<Session>;
