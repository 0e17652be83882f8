import type { EmbeddedText } from "@ripvec/core";

/**
 * Turns rows into bytes as they arrive. Memory does not grow with their number unless the format
 * needs it first.
 */
export interface RowFormat {
  row(row: EmbeddedText): string | undefined;
  /** The bytes after the last row. */
  end(): string | Uint8Array | undefined;
}
