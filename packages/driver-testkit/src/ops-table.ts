import { opNames, opSpecs, requiredOps } from "@ripvec/core/driver";
import { ErrorBook, type OpResult } from "./run/error-book.js";
import { opSuite } from "./suites/op-suite.js";
import type { CreateDriver } from "./suites/suite.js";
import { weightSuite } from "./suites/weight-suite.js";
import { runTest } from "./test-driver.js";

/** What one driver reached: a column of the table. */
export interface OpsColumn {
  readonly driver: string;
  readonly results: readonly OpResult[];
}

/** Runs every op's cases over a driver. Rejects with ConformanceError at the first that fails. */
export async function measureOps(createDriver: CreateDriver): Promise<readonly OpResult[]> {
  const book = new ErrorBook();
  for (const suiteTest of [...opSuite(book), ...weightSuite(book)])
    await runTest(suiteTest, createDriver);
  return book.results;
}

/**
 * Ops × drivers in Markdown: who computes an op, and the largest error it reached relative to the size
 * that its roundings are relative to, rounded up to one digit.
 */
export function opsTable(columns: readonly OpsColumn[]): string {
  const required = new Set(requiredOps);
  const header = ["op", "group", "meaning", ...columns.map(({ driver }) => driver)];
  const rows = opNames.map((op) => {
    const { group, summary } = opSpecs[op];
    const mark = required.has(op) ? " r" : opSpecs[op].isOptional ? " o" : "";
    const name = `\`${op}\`${mark}`;
    const cells = columns.map(({ results }) => cell(results.filter((result) => result.op === op)));
    return [name, group, `\`${summary.replaceAll("|", "\\|")}\``, ...cells];
  });
  return [header, header.map(() => "---"), ...rows]
    .map((row) => `| ${row.join(" | ")} |\n`)
    .join("");
}

function cell(results: readonly OpResult[]): string {
  const [first] = results;
  if (!first) return "–";
  const plain = results.filter(({ weights }) => weights === "f32");
  const errors = plain.map((result) => {
    return plain.length > 1 ? `${result.dtype} ${figure(result)}` : figure(result);
  });
  const kept = results
    .filter(({ weights }) => weights !== "f32")
    .map((result) => `${keptName(result)} ${figure(result)}`);
  const ofWeights = kept.length > 0 ? `; weights ${kept.join(", ")}` : "";
  return `${first.by} ${errors.join(", ")}${ofWeights}`;
}

const keptName = ({ weights, dtype }: OpResult): string =>
  dtype === "f32" ? weights : `${weights} by ${dtype}`;

const figure = ({ error }: OpResult): string => (error === 0 ? "exact" : roundedUp(error));

function roundedUp(error: number): string {
  const exponent = Math.floor(Math.log10(error));
  const digit = Math.ceil(error / 10 ** exponent - 1e-9);
  return digit === 10 ? `1e${exponent + 1}` : `${digit}e${exponent}`;
}
