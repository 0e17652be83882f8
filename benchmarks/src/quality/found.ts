import type { Hit } from "./metrics.js";

/** The hits of an engine on one yardstick, and their cost. */
export interface Found {
  /** Hits of every query, by its id. */
  readonly hits: ReadonlyMap<string, readonly Hit[]>;
  /** Time for documents and queries; for models the time of the embedding alone. */
  readonly seconds: number;
  /** Tokens of documents and queries; undefined for engines without a model's tokenizer. */
  readonly tokens?: number;
  /** Documents that the model truncated. */
  readonly truncated?: number;
}
