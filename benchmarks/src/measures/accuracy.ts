import type { WeightDType } from "@ripvec/core";
import { pairCosines } from "../compare.js";
import type { Input } from "../engines/engine.js";
import { ModelFolder } from "../model/model-folder.js";
import { withOutliers } from "../model/outliers.js";
import { bgeSmall } from "../model/specs.js";
import { withTopics } from "../model/topical.js";
import type { ModelFiles } from "../model-files.js";
import { streamTexts } from "../texts/texts.js";
import { openEngine, type RunContext, referenceVectors, tokenizerOf } from "./context.js";
import { neighbours, overlap, topicShare } from "./neighbours.js";

export type AccuracyModel = "random" | "topics" | "topics, outliers";

/** The difference of an engine's vectors from f32 on one model. */
export interface AccuracyRow {
  readonly model: AccuracyModel;
  readonly engine: string;
  readonly dtype: WeightDType;
  readonly texts: number;
  /** 1 − cos from f32. */
  readonly mean: number;
  readonly p99: number;
  readonly max: number;
  /**
   * Part of a text's ten nearest neighbours in f32 that are among its ten nearest with this engine.
   */
  readonly overlapAt10: number;
  /**
   * Part of a text's ten nearest neighbours with this engine that share its topic, of ten topics.
   */
  readonly sameTopicAt10: number;
  /** The same in f32. */
  readonly sameTopicAt10InF32: number;
}

const textCount = 2000;
const lengths = { from: 32, to: 64 };
const neighbourCount = 10;

type Edit = (files: ModelFiles) => ModelFiles;

/** Models besides the random model of a run: of the same geometry, with mean pooling. */
const edits: Readonly<Record<Exclude<AccuracyModel, "random">, Edit>> = {
  topics: withTopics,
  "topics, outliers": (files) => withOutliers(withTopics(files)),
};

/** Measures every chosen engine that accepts ids of any length, on each model. */
export async function measureAccuracy(context: RunContext): Promise<AccuracyRow[]> {
  const rows = await onModel("random", context, context.folder);
  for (const [model, edit] of Object.entries(edits)) {
    await using folder = await ModelFolder.create({ ...bgeSmall, pooling: "mean" }, edit);
    rows.push(...(await onModel(model as AccuracyModel, context, folder)));
  }
  return rows;
}

async function onModel(
  model: AccuracyModel,
  context: RunContext,
  folder: ModelFolder,
): Promise<AccuracyRow[]> {
  const { threads } = context;
  const texts = [...streamTexts(textCount, lengths.from, lengths.to)];
  const encodings = (await tokenizerOf(folder)).encodeBatch(texts);
  const input: Input = { kind: "ids", encodings };
  const reference = await referenceVectors({ folder, threads }, input);
  const nearest = neighbours(reference, neighbourCount);
  const sameTopicAt10InF32 = topicShare(nearest);
  const rows: AccuracyRow[] = [];
  for (const spec of context.engines.filter(
    (each) => each.takes.includes("ids") && !each.oneLength,
  )) {
    const engine = await openEngine({ folder, threads }, spec, "ids");
    const vectors = await engine.embed(input);
    await engine.close();
    const found = neighbours(vectors, neighbourCount);
    const { name, dtype } = spec;
    const errors = errorsOf(pairCosines(vectors, reference));
    rows.push({
      model,
      engine: name,
      dtype,
      texts: textCount,
      ...errors,
      overlapAt10: overlap(found, nearest),
      sameTopicAt10: topicShare(found),
      sameTopicAt10InF32,
    });
  }
  return rows;
}

function errorsOf(cosines: readonly number[]): { mean: number; p99: number; max: number } {
  const sorted = cosines.map((cosine) => Math.max(0, cosine)).toSorted((a, b) => a - b);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const [p99 = Number.NaN, max = Number.NaN] = [
    sorted[Math.floor(0.99 * (sorted.length - 1))],
    sorted.at(-1),
  ];
  return { mean, p99, max };
}
