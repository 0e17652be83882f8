import { makeModel } from "@ripvec/driver-testkit";
import { describe, expect, test } from "vitest";
import { Checkpoint } from "../src/checkpoint.js";
import { engineNamed } from "../src/engines/registry.js";
import { openEngine, tokenizerOf } from "../src/measures/context.js";
import { neighbours, topicShare } from "../src/measures/neighbours.js";
import { ModelFolder } from "../src/model/model-folder.js";
import { withOutliers } from "../src/model/outliers.js";
import { bertTiny } from "../src/model/specs.js";
import { withTopics } from "../src/model/topical.js";
import type { ModelFiles } from "../src/model-files.js";
import { streamTexts } from "../src/texts/texts.js";

const spec = { layers: 2, hidden: 32, heads: 2, intermediate: 64, vocabSize: 90 } as const;

describe("outliers", () => {
  const { files } = makeModel({ ...spec, family: "bert", seed: 1, maxPositions: 8 });
  const edited = withOutliers(files);
  const read = (from: ModelFiles, name: string) =>
    new Checkpoint(from.get("model.safetensors") ?? new Uint8Array()).get(name);
  const norm = (layer: number) => `encoder.layer.${layer}.attention.output.LayerNorm`;

  /** By dimension: the values that were added to the bias. */
  function means(layer: number): Map<number, number> {
    const [was, is] = [files, edited].map((each) => read(each, `${norm(layer)}.bias`).data);
    const changes = Array.from(is ?? [], (value, i) => [i, value - (was?.[i] ?? 0)] as const);
    return new Map(changes.filter(([, change]) => change !== 0));
  }

  /** For the first layer: the value over the previous one, in the first row. */
  function factor(name: string, dimension: number): number {
    const [was, is] = [files, edited].map((each) => read(each, `encoder.layer.0.${name}`).data);
    return (is?.[dimension] ?? 0) / (was?.[dimension] ?? 0);
  }

  test("are the same few dimensions in every layer, 20 to 60 times as strong", () => {
    expect(means(0).size).toBe(4);
    expect([...means(1).keys()]).toEqual([...means(0).keys()]);
    for (const mean of means(0).values()) {
      expect(Math.abs(mean)).toBeGreaterThan(19.99);
      expect(Math.abs(mean)).toBeLessThan(60.01);
    }
  });

  test("are compensated by the matrix that reads them, and by the next LayerNorm", () => {
    const outliers = means(0);
    const ordinary = factor(
      "output.LayerNorm.weight",
      [...Array(32).keys()].find((i) => !outliers.has(i)) ?? 0,
    );
    for (const [dimension, mean] of outliers) {
      const strength = Math.abs(mean);
      expect(factor("attention.output.LayerNorm.weight", dimension) / strength).toBeCloseTo(0.3, 5);
      expect(factor("intermediate.dense.weight", dimension) * strength).toBeCloseTo(1, 5);
      expect((factor("output.LayerNorm.weight", dimension) * strength) / ordinary).toBeCloseTo(
        1,
        5,
      );
    }
  });
});

describe.each([
  ["topics", withTopics],
  ["topics with outliers", (files: ModelFiles) => withOutliers(withTopics(files))],
])("a model of %s", (_, edit) => {
  test("puts texts on a topic near each other, with distinct vectors", async () => {
    await using folder = await ModelFolder.create({ ...bertTiny, pooling: "mean" }, edit);
    const encodings = (await tokenizerOf(folder)).encodeBatch([...streamTexts(300, 32, 64)]);
    const engine = await openEngine({ folder, threads: 1 }, engineNamed("onnxruntime"), "ids");
    const vectors = await engine.embed({ kind: "ids", encodings });
    await engine.close();
    const nearest = neighbours(vectors, 10);
    expect(topicShare(nearest)).toBeGreaterThan(0.8);
    const cosines = nearest.map(([first = 0, ...rest], text) =>
      [first, rest.at(-1) ?? 0].map((other) => dot(vectors[text], vectors[other])),
    );
    for (const [first = 0, tenth = 0] of cosines) {
      expect(first - tenth).toBeGreaterThan(1e-3);
      expect(first).toBeLessThan(0.995);
    }
  });
});

function dot(a: ArrayLike<number> = [], b: ArrayLike<number> = []): number {
  return Array.from(a).reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
