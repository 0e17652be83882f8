import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { EngineSpec } from "./engines/engine.js";
import { engineNamed, engines } from "./engines/registry.js";
import { measureNames, measures } from "./measures/catalogue.js";
import { count, named } from "./option-values.js";

export interface Options {
  readonly measures: readonly string[];
  readonly engines: readonly EngineSpec[];
  readonly threads: number;
  readonly rounds: number;
  readonly json: string | undefined;
  readonly save: boolean;
  readonly plot: string | undefined;
  readonly help: boolean;
}

/** Throws for an unknown option, measure or engine, and for counts below 1. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      loads: { type: "string" },
      engines: { type: "string" },
      threads: { type: "string", default: String(availableParallelism()) },
      rounds: { type: "string", default: "7" },
      json: { type: "string" },
      save: { type: "boolean", default: false },
      plot: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const engineNames = engines.map(({ name }) => name);
  const byDefault = measures.filter(({ onlyWhenNamed }) => !onlyWhenNamed).map(({ name }) => name);
  return {
    ...values,
    json: values.json,
    plot: values.plot,
    measures: values.loads === undefined ? byDefault : named("load", values.loads, measureNames),
    engines:
      values.engines === undefined
        ? engines
        : named("engine", values.engines, engineNames).map(engineNamed),
    threads: count("--threads", values.threads),
    rounds: count("--rounds", values.rounds),
  };
}

export function usage(): string {
  const width = Math.max(...measures.map(({ name }) => name.length)) + 2;
  return `Times ripvec and its peers on one random model, in turn, and prints tables.

npm run bench -- [options]
  --loads A,C,…     measures from the list below
  --engines ours,…  engines from the list below; default: all
  --threads N       threads of every engine; default: the cores of this process
  --rounds N        number of rounds, whose median is printed; fewer when a load takes more than a minute; default: 7
  --json FILE       also writes { machine, rows, … }
  --save            writes docs/performance/<date>-<cpu>.json and .svg
  --plot FILE.json  only draws FILE.svg from a file of --json
  --help

loads
${measures.map(({ name, what, onlyWhenNamed }) => `  ${name.padEnd(width)}${what}${onlyWhenNamed ? "; runs only when named" : ""}`).join("\n")}

engines
${engines.map(({ name, dtype, takes }) => `  ${name.padEnd(28)}${dtype.padEnd(6)}from ${takes.join(" and ")}`).join("\n")}`;
}
