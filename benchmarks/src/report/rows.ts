import type { WeightDType } from "@ripvec/core";
import { type Column, formatTable } from "./table.js";

/** The result of one engine on one load. */
export interface Measured {
  readonly load: string;
  readonly engine: string;
  readonly dtype: WeightDType;
  readonly side: "ours" | "peer";
  /** Median time of the whole load. */
  readonly ms: number;
  /** Rate of real tokens: padding adds to the time and not to the work. */
  readonly tokensPerSecond: number;
  readonly gflops: number;
  /** Interquartile range as a part of the median. */
  readonly spread: number;
  /** Number of measurements in the median. */
  readonly rounds: number;
  /** Largest 1 − cos of a vector from f32. */
  readonly cosine: number;
}

export interface Row extends Measured {
  /**
   * Part of the machine's f32 multiply-add peak, measured in the same run; null when the peak is
   * not known.
   */
  readonly percentOfPeak: number | null;
  /**
   * Tokens/s over those of the load's best peer, in 8 bits for i8 and in f32 otherwise; null
   * without a peer.
   */
  readonly ratioToBestPeer: number | null;
}

/** Compares a run's figures with the peak of the machine in GFLOP/s, and with the peers. */
export function rated(measured: readonly Measured[], peakGflops: number | null): Row[] {
  return measured.map((row) => {
    const best = bestPeer(measured, row);
    return {
      ...row,
      percentOfPeak: peakGflops === null ? null : (100 * row.gflops) / peakGflops,
      ratioToBestPeer: best ? row.tokensPerSecond / best.tokensPerSecond : null,
    };
  });
}

function bestPeer(measured: readonly Measured[], { load, dtype }: Measured): Measured | undefined {
  const rivals = measured.filter(
    (row) => row.load === load && row.side === "peer" && (row.dtype === "i8") === (dtype === "i8"),
  );
  return rivals.toSorted((a, b) => b.tokensPerSecond - a.tokensPerSecond)[0];
}

const orDash = (value: number | null, digits: number): string =>
  value === null ? "–" : value.toFixed(digits);

const columns: readonly Column<Row>[] = [
  { title: "load", text: true, cell: (row) => row.load },
  { title: "engine", text: true, cell: (row) => row.engine },
  { title: "dtype", text: true, cell: (row) => row.dtype },
  { title: "ms", cell: (row) => row.ms.toFixed(row.ms < 100 ? 2 : 0) },
  { title: "tokens/s", cell: (row) => row.tokensPerSecond.toFixed(0) },
  { title: "GFLOP/s", cell: (row) => row.gflops.toFixed(1) },
  { title: "% of peak", cell: (row) => orDash(row.percentOfPeak, 1) },
  { title: "× best peer", cell: (row) => orDash(row.ratioToBestPeer, 2) },
  { title: "1 − cos", cell: (row) => row.cosine.toExponential(0) },
  { title: "spread", cell: (row) => `${(row.spread * 100).toFixed(1)} %` },
  { title: "rounds", cell: (row) => String(row.rounds) },
];

export function formatRows(rows: readonly Row[]): string {
  return formatTable(columns, rows);
}
