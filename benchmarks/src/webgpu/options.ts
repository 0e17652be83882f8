import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { count, named } from "../option-values.js";
import { engines } from "./engines.js";
import { loadOf, loads, models } from "./plan.js";

export interface Options {
  readonly adapter: string;
  /** Absent: the default for the adapter. */
  readonly loads: readonly string[] | undefined;
  readonly model: string | undefined;
  readonly engines: readonly string[] | undefined;
  readonly threads: number;
  readonly rounds: number | undefined;
  readonly json: string | undefined;
  readonly help: boolean;
}

/** Throws for an unknown option, load, model or engine, and for counts below 1. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      adapter: { type: "string", default: "system" },
      loads: { type: "string" },
      model: { type: "string" },
      engines: { type: "string" },
      rounds: { type: "string" },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const { adapter, help, json, model, rounds } = values;
  const names = engines.map(({ name }) => name);
  if (model !== undefined) named("model", model, Object.keys(models));
  return {
    adapter,
    help,
    json,
    model,
    loads: values.loads?.split(",").map((name) => loadOf(name).name),
    engines: values.engines === undefined ? undefined : named("engine", values.engines, names),
    threads: availableParallelism(),
    rounds: rounds === undefined ? undefined : count("--rounds", rounds),
  };
}

export function usage(): string {
  return `Times ripvec on WebGPU and onnxruntime-node's WebGPU provider on one random model, in turn.

npm run bench:webgpu -- [options]
  --adapter NAME    system, lavapipe, swiftshader, or the path of a Vulkan ICD file; default: system
  --loads A,B,…     from the list below; default: A,B,C,E,E-sorted, on software adapters A,B,C/8,E/8
  --model NAME      ${Object.keys(models).join(" or ")}; default: bge-small, on software adapters bert-tiny for C/8 and E/8
  --engines ours,…  from the list below; default: all, on software adapters without the peer's f16
  --rounds N        number of rounds, whose median is printed; fewer when a load takes more than a minute; default: 7, in software 3
  --json FILE       also writes { machine, adapter, rows, calls }
  --help

loads
${loads.map(({ name, what }) => `  ${name.padEnd(10)}${what}`).join("\n")}

engines
${engines.map(({ name, dtype }) => `  ${name.padEnd(38)}${dtype}`).join("\n")}`;
}
