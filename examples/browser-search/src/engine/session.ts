import type { EmbedBackend, Tokenizer } from "@ripvec/core";
import type { ModelChoice, ModelFacts } from "../protocol.js";

/** A model that runs. */
export interface Session {
  readonly facts: ModelFacts;
  readonly backend: EmbedBackend;
  readonly tokenizer: Tokenizer;
  /** Put before queries and before texts, where the model wants it. */
  readonly prompts: { readonly query: string; readonly text: string };
}

export interface OpenOptions {
  readonly signal: AbortSignal;
  /** Bytes of all files that arrived; `total` is of the files known so far, once they are most of the model. */
  readonly onBytes: (bytes: { loaded: number; total: number | undefined }) => void;
  /** All files are there. */
  readonly onFiles: () => void;
}

/** Whoever opens a session closes its backend. */
export type OpenSession = (choice: ModelChoice, options: OpenOptions) => Promise<Session>;
