import { writeFile } from "node:fs/promises";
import { describeMachine } from "../machine.js";
import type { RunContext } from "../measures/context.js";
import { ModelFolder } from "../model/model-folder.js";
import { chooseVulkan, describeAdapter, requestAdapter } from "./adapters.js";
import { callLog, engineOf } from "./engines.js";
import { measureOn } from "./measure.js";
import { type Options, parseOptions, usage } from "./options.js";
import { defaultEngines, defaultParts, loadOf, models, type Part, roundsOf } from "./plan.js";
import { formatAdapter, formatResults, type Results, rated } from "./report.js";

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) return console.log(usage());
  chooseVulkan(options.adapter);
  const adapter = describeAdapter(await requestAdapter());
  console.error(formatAdapter(adapter));
  let results: Results = {
    machine: await describeMachine(options.threads, null),
    adapter,
    leftOut: [],
    rows: [],
    calls: [],
  };
  for (const part of partsOf(options, adapter.isSoftware)) {
    console.error(`${part.load.name}: ${part.load.what}, ${part.model}`);
    const { rows, leftOut, calls } = await measurePart(part, options, adapter.isSoftware);
    results = {
      ...results,
      leftOut: [...results.leftOut, ...leftOut],
      rows: [...results.rows, ...rows],
      calls: [...results.calls, ...calls],
    };
    if (options.json) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
  }
  console.log(formatResults(results));
}

function partsOf({ loads, model }: Options, isSoftware: boolean): Part[] {
  const byDefault = defaultParts(isSoftware);
  const names = loads ?? byDefault.map(({ load }) => load.name);
  return names.map((name) => {
    const usual = byDefault.find(({ load }) => load.name === name)?.model ?? "bge-small";
    return { load: loadOf(name), model: model ?? usual };
  });
}

async function measurePart(
  { load, model }: Part,
  { engines: names, threads, rounds }: Options,
  isSoftware: boolean,
): Promise<Pick<Results, "leftOut" | "rows" | "calls">> {
  const spec = models[model];
  if (!spec) throw new RangeError(`no model ${model}`);
  await using folder = await ModelFolder.create(spec);
  const context: RunContext = {
    folder,
    shape: spec,
    engines: names?.map(engineOf) ?? defaultEngines(isSoftware),
    threads,
    rounds: roundsOf(isSoftware, rounds),
  };
  const { rows, leftOut } = await measureOn(load, context);
  return { leftOut, rows: rated(model, rows), calls: callLog.take(load.name) };
}

try {
  await main();
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
