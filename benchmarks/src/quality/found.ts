import type { Hit } from "./metrics.js";

/** What an engine found on one yardstick, and what that took. */
export interface Found {
  /** Of every query, by its id. */
  readonly hits: ReadonlyMap<string, readonly Hit[]>;
  /** For documents and queries; of models the embedding alone. */
  readonly seconds: number;
  /** Of documents and queries; undefined for engines without a tokenizer of a model. */
  readonly tokens?: number;
  /** Documents that the model took only the beginning of. */
  readonly truncated?: number;
}
