import type { Machine } from "../machine.js";
import type { Measured } from "../report/rows.js";
import { type Column, formatTable } from "../report/table.js";
import type { AdapterReport } from "./adapters.js";
import type { CallsRow } from "./call-log.js";

export interface Row extends Measured {
  readonly model: string;
  /**
   * Tokens/s over those of the fastest peer of the same dtype, or of any dtype when there is none;
   * null without a peer.
   */
  readonly ratioToBestPeer: number | null;
}

/** An engine that could not be measured on a load. */
export interface LeftOut {
  readonly load: string;
  readonly engine: string;
  readonly why: string;
}

/** The results of a run. */
export interface Results {
  readonly machine: Machine;
  readonly adapter: AdapterReport;
  readonly leftOut: readonly LeftOut[];
  readonly rows: readonly Row[];
  readonly calls: readonly CallsRow[];
}

/** The rows of one load. */
export function rated(model: string, measured: readonly Measured[]): Row[] {
  return measured.map((row) => {
    const peers = measured.filter(({ side }) => side === "peer");
    const alike = peers.filter(({ dtype }) => dtype === row.dtype);
    const best = Math.max(
      ...(alike.length > 0 ? alike : peers).map((peer) => peer.tokensPerSecond),
    );
    return { ...row, model, ratioToBestPeer: peers.length > 0 ? row.tokensPerSecond / best : null };
  });
}

const rowColumns: readonly Column<Row>[] = [
  { title: "load", text: true, cell: (row) => row.load },
  { title: "model", text: true, cell: (row) => row.model },
  { title: "engine", text: true, cell: (row) => row.engine },
  { title: "dtype", text: true, cell: (row) => row.dtype },
  { title: "ms", cell: (row) => row.ms.toFixed(row.ms < 100 ? 2 : 0) },
  {
    title: "tokens/s",
    cell: (row) => row.tokensPerSecond.toFixed(row.tokensPerSecond < 100 ? 1 : 0),
  },
  { title: "GFLOP/s", cell: (row) => row.gflops.toFixed(row.gflops < 10 ? 2 : 0) },
  { title: "× best peer", cell: (row) => row.ratioToBestPeer?.toFixed(2) ?? "–" },
  { title: "1 − cos", cell: (row) => row.cosine.toExponential(0) },
  { title: "spread", cell: (row) => `${(row.spread * 100).toFixed(1)} %` },
  { title: "rounds", cell: (row) => String(row.rounds) },
];

const callsColumns: readonly Column<CallsRow>[] = [
  { title: "load", text: true, cell: (row) => row.load },
  { title: "engine", text: true, cell: (row) => row.engine },
  ...(["submits", "dispatches"] as const).map((key) => numberColumn(key, key)),
  numberColumn("buffers", "new buffers"),
  numberColumn("bindGroups", "new bind groups"),
  numberColumn("pipelines", "new pipelines"),
  numberColumn("uploads", "uploads"),
  numberColumn("uploadedBytes", "bytes"),
  numberColumn("readBacks", "read-backs"),
  numberColumn("readBackBytes", "bytes"),
];

function numberColumn(
  key: Exclude<keyof CallsRow, "load" | "engine">,
  title: string,
): Column<CallsRow> {
  return { title, cell: (row) => String(row[key]) };
}

export function formatAdapter({
  description,
  isSoftware,
  features,
  limits,
}: AdapterReport): string {
  return [
    `adapter ${description}${isSoftware ? ", in software: its times say nothing about a GPU" : ""}`,
    `features ${features.join(" ")}`,
    `limits ${Object.entries(limits)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ")}`,
  ].join("\n");
}

/** All results in tables, for a terminal. */
export function formatResults({ machine, adapter, leftOut, rows, calls }: Results): string {
  const { cpu, threads, node, peers } = machine;
  return [
    `${cpu}, ${threads} threads, node ${node}, onnxruntime-node ${peers["onnxruntime-node"]}`,
    formatAdapter(adapter),
    ...leftOut.map(({ load, engine, why }) => `left out of ${load}: ${engine}: ${why}`),
    formatTable(rowColumns, rows),
    `Calls to the device for one run of a load, after warm-up\n${formatTable(callsColumns, calls)}`,
  ].join("\n\n");
}
