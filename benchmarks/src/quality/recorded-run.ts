import { readFile } from "node:fs/promises";
import type { Found } from "./found.js";
import type { Hit } from "./metrics.js";

/**
 * Reads the hits of an engine outside of this process: a line `{ seconds }`, then one line `{
 * query, hits }` for each query.
 */
export async function readRun(file: string): Promise<Found> {
  const [head = "", ...lines] = (await readFile(file, "utf8")).trimEnd().split("\n");
  const { seconds }: { seconds: number } = JSON.parse(head);
  const found = lines.map((line): { query: string; hits: Hit[] } => JSON.parse(line));
  return { seconds, hits: new Map(found.map(({ query, hits }) => [query, hits])) };
}
