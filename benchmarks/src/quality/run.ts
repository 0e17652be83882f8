import { writeFile } from "node:fs/promises";
import { describeMachine } from "../machine.js";
import { beats, type Check, givesKnownFigure, keepsQuality } from "./checks.js";
import { type ModelSpec, openModelEngine, weightBytes } from "./model-engine.js";
import { type Options, parseOptions, usage } from "./options.js";
import { type Prepared, prepare } from "./prepared.js";
import { readRun } from "./recorded-run.js";
import { formatResults, type QualityResults } from "./results.js";
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
  const prepared = await prepare(options.yardsticks, options.cranfield);
  const yardsticks = await Promise.all(
    prepared.yardsticks.map(({ name, directory }) => readYardstick(name, directory)),
  );
  const models = modelsOf(options, prepared);
  const scores = await recordedScores(prepared, yardsticks);
  for (const model of models)
    scores.push(...(await modelScores(model, yardsticks, options.threads)));
  const inOrder = yardsticks.flatMap(({ name }) =>
    scores.filter((each) => each.yardstick === name),
  );
  return {
    machine: await describeMachine(options.threads, null),
    yardsticks: yardsticks.map(({ name, documents, queries }, at) => ({
      name,
      documents: documents.length,
      queries: queries.length,
      sha256: prepared.yardsticks[at]?.sha256 ?? "",
    })),
    models: await Promise.all(
      models.map(async ({ name, directory }) => ({
        engine: name,
        weightBytes: await weightBytes(directory),
      })),
    ),
    scores: inOrder.map(({ ofQueries: _, ...facts }) => facts),
    checks: checksOf(scores),
    leftOut: prepared.leftOut,
  };
}

function modelsOf({ builtIn, original, dtypes }: Options, prepared: Prepared): ModelSpec[] {
  const directory = original ?? prepared.original;
  const originals = directory === null ? [] : dtypes;
  return [
    { name: "built-in", directory: builtIn },
    ...originals.map((dtype) => ({ name: `original-${dtype}`, directory: directory ?? "", dtype })),
  ];
}

async function recordedScores(
  prepared: Prepared,
  yardsticks: readonly Yardstick[],
): Promise<Score[]> {
  const scores: Score[] = [];
  for (const [at, { runs }] of prepared.yardsticks.entries()) {
    const yardstick = yardsticks[at];
    if (!yardstick) continue;
    for (const { engine, file } of runs) scores.push(score(engine, yardstick, await readRun(file)));
  }
  return scores;
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
