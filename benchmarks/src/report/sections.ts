import type { AccuracyRow } from "../measures/accuracy.js";
import type { CallersRow } from "../measures/callers.js";
import type { MemoryRow } from "../measures/memory.js";
import type { ScalingRow } from "../measures/scaling.js";
import type { StreamRow } from "../measures/stream.js";
import { type Column, formatTable } from "./table.js";

const megabytes = (bytes: number | null): string =>
  bytes === null ? "–" : (bytes / 2 ** 20).toFixed(0);
const exponent = (value: number): string => value.toExponential(1);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const engine: Column<{ readonly engine: string }> = {
  title: "engine",
  text: true,
  cell: (row) => row.engine,
};

export function formatMemory(rows: readonly MemoryRow[]): string {
  return formatTable<MemoryRow>(
    [
      { title: "load", text: true, cell: (row) => row.load },
      engine,
      { title: "MiB loaded", cell: (row) => megabytes(row.loadedRssBytes) },
      { title: "MiB at most", cell: (row) => megabytes(row.peakRssBytes) },
      { title: "× leanest peer", cell: (row) => ratioToLeanestPeer(rows, row)?.toFixed(2) ?? "–" },
    ],
    rows,
  );
}

/**
 * Peak memory over that of the peer that needs least, among those in 8 bits for i8, in f32
 * otherwise.
 */
function ratioToLeanestPeer(rows: readonly MemoryRow[], row: MemoryRow): number | undefined {
  const peaks = rows.flatMap(({ load, side, dtype, peakRssBytes }) =>
    load === row.load && side === "peer" && (dtype === "i8") === (row.dtype === "i8")
      ? [peakRssBytes ?? Number.NaN]
      : [],
  );
  return row.peakRssBytes === null || peaks.length === 0
    ? undefined
    : row.peakRssBytes / Math.min(...peaks);
}

export function formatCallers(rows: readonly CallersRow[]): string {
  return formatTable<CallersRow>(
    [
      engine,
      { title: "batched tokens/s", cell: (row) => row.batchedTokensPerSecond.toFixed(0) },
      { title: "8 callers tokens/s", cell: (row) => row.callersTokensPerSecond.toFixed(0) },
      { title: "ratio", cell: (row) => row.ratio.toFixed(3) },
    ],
    rows,
  );
}

export function formatScaling(rows: readonly ScalingRow[]): string {
  return formatTable<ScalingRow>(
    [
      engine,
      { title: "threads", cell: (row) => `1 → ${row.threads}` },
      { title: "tokens/s on 1", cell: (row) => row.oneThreadTokensPerSecond.toFixed(0) },
      { title: "on all", cell: (row) => row.tokensPerSecond.toFixed(0) },
      { title: "ratio", cell: (row) => row.ratio.toFixed(2) },
      { title: "rounds", cell: (row) => String(row.rounds) },
      { title: "of the FMA peak", cell: (row) => row.peakRatio?.toFixed(2) ?? "–" },
      { title: "on whole cores", cell: (row) => row.ratioOnWholeCores?.toFixed(2) ?? "–" },
      { title: "rounds of these", cell: (row) => String(row.roundsOnWholeCores) },
    ],
    rows,
  );
}

export function formatStream(rows: readonly StreamRow[]): string {
  const memoryAfter = (texts: number): Column<StreamRow> => ({
    title: `MiB after ${texts.toLocaleString("en")}`,
    cell: ({ slices }) => {
      const slice = slices.find((each) => each.texts === texts);
      if (!slice) return "–";
      const { rssBytes, heapBytes, peakRssBytes } = slice;
      return `${megabytes(rssBytes)} (${megabytes(heapBytes)}, ${megabytes(peakRssBytes)})`;
    },
  });
  return formatTable<StreamRow>(
    [
      engine,
      { title: "texts", cell: (row) => String(row.texts) },
      { title: "µs/token", cell: (row) => row.microsecondsPerToken.toFixed(3) },
      { title: "in short streams", cell: (row) => row.shortMicrosecondsPerToken.toFixed(3) },
      { title: "long / short", cell: (row) => row.longOverShort.median.toFixed(3) },
      {
        title: "quartiles",
        cell: ({ longOverShort: { low, high } }) => `${low.toFixed(3)}–${high.toFixed(3)}`,
      },
      memoryAfter(10_000),
      memoryAfter(100_000),
    ],
    rows,
  );
}

export function formatAccuracy(rows: readonly AccuracyRow[]): string {
  return formatTable<AccuracyRow>(
    [
      { title: "model", text: true, cell: (row) => row.model },
      engine,
      { title: "1 − cos mean", cell: (row) => exponent(row.mean) },
      { title: "p99", cell: (row) => exponent(row.p99) },
      { title: "max", cell: (row) => exponent(row.max) },
      { title: "overlap@10", cell: (row) => percent(row.overlapAt10) },
      { title: "same topic@10", cell: (row) => percent(row.sameTopicAt10) },
      { title: "in f32", cell: (row) => percent(row.sameTopicAt10InF32) },
    ],
    rows,
  );
}
