import { opNames, opSpecs, requiredOps } from "@ripvec/core/driver";
import { ErrorBook, type OpResult } from "./run/error-book.js";
import { runTest } from "./run/run-test.js";
import { opSuite } from "./suites/op-suite.js";
import type { CreateDriver } from "./suites/suite.js";
import { weightSuite } from "./suites/weight-suite.js";

/** The results of one driver: a column of the table. */
export interface OpsColumn {
  readonly driver: string;
  readonly results: readonly OpResult[];
}

/** Runs the cases of every op on a driver. Rejects with ConformanceError at the first case that fails. */
export async function measureOps(createDriver: CreateDriver): Promise<readonly OpResult[]> {
  const book = new ErrorBook();
  for (const suiteTest of [...opSuite(book), ...weightSuite(book)])
    await runTest(suiteTest, createDriver);
  return book.results;
}

/**
 * The table of ops × drivers in Markdown. A cell says whether the driver's kernel or core's composition computes the
 * op, and gives the largest error, relative to the size that roundings are relative to, rounded up to one digit.
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
