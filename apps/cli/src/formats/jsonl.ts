import type { RowFormat } from "./format.js";
import { rowText } from "./row.js";

/** One JSON object per line. */
export function jsonl(): RowFormat {
  return { row: (row) => `${rowText(row)}\n`, end: () => undefined };
}
