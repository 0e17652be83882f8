import { writeFile } from "node:fs/promises";
import { describeMachine } from "../machine.js";
import { beats, type Check, givesKnownFigure, keepsQuality } from "./checks.js";
import { type ModelSpec, openModelEngine, weightBytes } from "./model-engine.js";
import { type Options, parseOptions, usage } from "./options.js";
import { type Prepared, type PreparedYardstick, prepare } from "./prepared.js";
import { readRun } from "./recorded-run.js";
import {
  formatResults,
  type ModelFacts,
  type QualityResults,
  type YardstickFacts,
} from "./results.js";
import { type Score, score } from "./score.js";
import { readYardstick, type Yardstick } from "./yardstick.js";

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), process.env);
  if (options.help) return console.log(usage);
  const results = await measure(options);
  console.log(formatResults(results));
  if (options.json) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
  if (results.checks.some(({ outcome }) => outcome === "fails")) process.exitCode = 1;
}

async function measure(options: Options): Promise<QualityResults> {
  const { threads } = options;
  const prepared = await prepare(options.yardsticks, options);
  const models = modelsOf(options, prepared);
  const yardsticks: Yardstick[] = [];
  const scores: Score[] = [];
  for (const { name, directory, runs } of prepared.yardsticks) {
    const yardstick = await readYardstick(name, directory);
    yardsticks.push(yardstick);
    for (const { engine, file } of runs) scores.push(score(engine, yardstick, await readRun(file)));
  }
  for (const model of models) scores.push(...(await modelScores(model, yardsticks, threads)));
  return {
    machine: await describeMachine(threads, null),
    yardsticks: prepared.yardsticks.map((each, at) => yardstickFacts(each, yardsticks[at])),
    models: await Promise.all(models.map(modelFacts)),
    scores: byYardstick(scores),
    checks: checksOf(scores),
    leftOut: prepared.leftOut,
  };
}

function modelsOf({ builtIn, dtypes }: Options, { original: directory }: Prepared): ModelSpec[] {
  const builtInModel = { name: "built-in", directory: builtIn };
  if (directory === null) return [builtInModel];
  return [
    builtInModel,
    ...dtypes.map((dtype) => ({ name: `original-${dtype}`, directory, dtype })),
  ];
}

async function modelScores(
  model: ModelSpec,
  yardsticks: readonly Yardstick[],
  threads: number,
): Promise<Score[]> {
  const engine = await openModelEngine(model, threads);
  try {
    const scores: Score[] = [];
    for (const yardstick of yardsticks) {
      console.error(`${model.name} on ${yardstick.name} …`);
      scores.push(score(model.name, yardstick, await engine.search(yardstick)));
    }
    return scores;
  } finally {
    await engine.close();
  }
}

function yardstickFacts(
  { name, sha256, asRecorded }: PreparedYardstick,
  yardstick: Yardstick | undefined,
): YardstickFacts {
  const documents = yardstick?.documents.length ?? 0;
  const queries = yardstick?.queries.length ?? 0;
  return { name, documents, queries, sha256, asRecorded };
}

async function modelFacts({ name, directory }: ModelSpec): Promise<ModelFacts> {
  return { engine: name, weightBytes: await weightBytes(directory) };
}

/** The scores without the figures of single queries. */
function byYardstick(scores: readonly Score[]): QualityResults["scores"] {
  const names = [...new Set(scores.map(({ yardstick }) => yardstick))];
  return names.flatMap((name) =>
    scores.filter(({ yardstick }) => yardstick === name).map(({ ofQueries: _, ...facts }) => facts),
  );
}

function checksOf(scores: readonly Score[]): Check[] {
  const inEightBits = scores.some(({ engine }) => engine === "original-i8") ? ["original-i8"] : [];
  return [
    givesKnownFigure(scores),
    ...["built-in", ...inEightBits].map((engine) => keepsQuality(scores, engine, "original-f32")),
    beats(scores, "built-in", "bm25"),
  ];
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
