import { readFile } from "node:fs/promises";
import type { Found } from "./found.js";
import type { Hit } from "./metrics.js";

/** Reads what an engine outside of this process found: a line `{ seconds }`, then `{ query, hits }` a query. */
export async function readRun(file: string): Promise<Found> {
  const [head = "", ...lines] = (await readFile(file, "utf8")).trimEnd().split("\n");
  const { seconds }: { seconds: number } = JSON.parse(head);
  const found = lines.map((line): { query: string; hits: Hit[] } => JSON.parse(line));
  return { seconds, hits: new Map(found.map(({ query, hits }) => [query, hits])) };
}
