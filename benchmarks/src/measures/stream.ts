import { runChild } from "../children.js";
import { ModelFolder } from "../model/model-folder.js";
import { bertTiny } from "../model/specs.js";
import type { RunContext } from "./context.js";
import { type Quartiles, quartiles } from "./rounds.js";
import type { StreamSlice } from "./stream-costs.js";

/** One stream of 100,000 texts compared with streams of 1,000. */
export interface StreamRow {
  readonly engine: string;
  readonly texts: number;
  readonly tokens: number;
  /** Medians over the slices. */
  readonly microsecondsPerToken: number;
  readonly shortMicrosecondsPerToken: number;
  /** For the slices: time in the long stream over that of the same texts in short ones. */
  readonly longOverShort: Quartiles;
  readonly slices: readonly StreamSlice[];
}

const sizes = { slices: 20, sliceTexts: 5000, shortTexts: 1000 };

/**
 * `embedTexts` on a model of BERT-tiny's geometry (2 × 128), each engine in its own process: the
 * cost of a token in a long stream and in short ones, and the growth of memory.
 */
export async function measureStream({ engines, threads }: RunContext): Promise<StreamRow[]> {
  await using folder = await ModelFolder.create(bertTiny);
  const rows: StreamRow[] = [];
  for (const { name: engine } of engines.filter(({ side }) => side === "ours")) {
    const task = { task: "stream", engine, model: folder.model, threads, ...sizes } as const;
    rows.push(streamRow(engine, (await runChild<StreamSlice[]>(task)).result));
  }
  return rows;
}

export function streamRow(engine: string, slices: readonly StreamSlice[]): StreamRow {
  const medianOf = (figure: (slice: StreamSlice) => number) => quartiles(slices.map(figure)).median;
  return {
    engine,
    texts: slices.at(-1)?.texts ?? 0,
    tokens: slices.reduce((sum, slice) => sum + slice.tokens, 0),
    microsecondsPerToken: medianOf(({ longMs, tokens }) => (longMs * 1000) / tokens),
    shortMicrosecondsPerToken: medianOf(({ shortMs, tokens }) => (shortMs * 1000) / tokens),
    longOverShort: quartiles(slices.map(({ longMs, shortMs }) => longMs / shortMs)),
    slices,
  };
}
