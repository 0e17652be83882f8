import type { Machine } from "../machine.js";
import { type Column, formatMarkdown } from "../report/table.js";
import type { Check } from "./checks.js";
import type { Prepared } from "./prepared.js";
import type { Score } from "./score.js";

export interface YardstickFacts {
  readonly name: string;
  readonly documents: number;
  readonly queries: number;
  readonly sha256: string;
  readonly asRecorded: boolean;
}

export interface ModelFacts {
  readonly engine: string;
  readonly weightBytes: number;
}

export interface QualityResults {
  readonly machine: Machine;
  readonly yardsticks: readonly YardstickFacts[];
  readonly models: readonly ModelFacts[];
  readonly scores: readonly Omit<Score, "ofQueries">[];
  readonly checks: readonly Check[];
  readonly leftOut: Prepared["leftOut"];
}

/** As Markdown. */
export function formatResults(results: QualityResults): string {
  const { machine, yardsticks, models, scores, checks, leftOut } = results;
  return [
    `${machine.cpu}, ${machine.threads} threads, ${machine.instructionSet}, node ${machine.node}`,
    leftOut.map(({ name, why }) => `* left out: ${name}: ${why}`).join("\n"),
    formatMarkdown(yardstickColumns, yardsticks),
    formatMarkdown(modelColumns, models),
    formatMarkdown(scoreColumns, scores),
    checks.map(({ name, outcome, figures }) => `* ${outcome}: ${name}: ${figures}`).join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

const yardstickColumns: readonly Column<YardstickFacts>[] = [
  { title: "yardstick", text: true, cell: ({ name }) => name },
  { title: "documents", cell: ({ documents }) => String(documents) },
  { title: "queries", cell: ({ queries }) => String(queries) },
  { title: "SHA-256", text: true, cell: ({ sha256 }) => sha256 },
  { title: "as recorded", text: true, cell: ({ asRecorded }) => (asRecorded ? "yes" : "no") },
];

const modelColumns: readonly Column<ModelFacts>[] = [
  { title: "model", text: true, cell: ({ engine }) => engine },
  { title: "MB of weights on disk", cell: ({ weightBytes }) => (weightBytes / 1e6).toFixed(1) },
];

const optional = (value: number | null): string => (value === null ? "–" : value.toFixed(0));

const scoreColumns: readonly Column<Omit<Score, "ofQueries">>[] = [
  { title: "yardstick", text: true, cell: ({ yardstick }) => yardstick },
  { title: "engine", text: true, cell: ({ engine }) => engine },
  { title: "nDCG@10", cell: ({ ndcg }) => ndcg.toFixed(4) },
  { title: "standard error", cell: ({ ndcgError }) => ndcgError.toFixed(4) },
  { title: "MRR@10", cell: ({ mrr }) => mrr.toFixed(4) },
  { title: "s", cell: ({ seconds }) => seconds.toFixed(1) },
  { title: "tokens/s", cell: ({ tokensPerSecond }) => optional(tokensPerSecond) },
  { title: "documents cut", cell: ({ truncated }) => optional(truncated) },
];
