import { runChild } from "../children.js";
import { ModelFolder } from "../model/model-folder.js";
import { bertTiny } from "../model/specs.js";
import type { RunContext } from "./context.js";
import type { StreamCost } from "./stream-costs.js";

export interface StreamRow extends StreamCost {
  readonly engine: string;
}

const counts = [1000, 100_000];

/**
 * One `embedTexts` stream over 1,000 and over 100,000 texts in one process, on a model of BERT-tiny's
 * geometry (2 × 128): what a token costs and how far memory grows.
 */
export async function measureStream({ engines, threads }: RunContext): Promise<StreamRow[]> {
  await using folder = await ModelFolder.create(bertTiny);
  const rows: StreamRow[] = [];
  for (const { name: engine } of engines.filter(({ side }) => side === "ours")) {
    const task = { task: "stream", engine, model: folder.model, threads, counts } as const;
    const { result } = await runChild<StreamCost[]>(task);
    rows.push(...result.map((cost) => ({ engine, ...cost })));
  }
  return rows;
}
