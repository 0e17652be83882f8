import { seededRandom } from "../encodings.js";
import type { ModelFiles } from "../model-files.js";
import { CheckpointEditor } from "./checkpoint-editor.js";

/** A hidden dimension that is nearly constant, and this many times as large as the others. */
interface Outlier {
  readonly dimension: number;
  readonly factor: number;
  readonly sign: 1 | -1;
}

/** `variation`: standard deviation of an outlier's values, as a part of their mean. */
const drawing = { dimensions: 4, from: 20, to: 60, variation: 0.3, seed: 9 };

/**
 * The same BERT with outliers like those of trained models: in every layer, the LayerNorm after
 * attention makes the same few hidden dimensions 20 to 60 times as large, with nearly the same
 * value for every token. The feed-forward matrix that reads them has correspondingly smaller
 * weights, and the LayerNorm at the end of the layer restores equal sizes, so that in f32 the model
 * computes nearly the same. A row in 8 bits must span the whole range.
 */
export function withOutliers(files: ModelFiles): ModelFiles {
  const editor = new CheckpointEditor(files);
  const suffix = "attention.output.LayerNorm.weight";
  for (const name of editor.names.filter((each) => each.endsWith(suffix))) {
    const layer = name.slice(0, -suffix.length);
    const hidden = editor.shapeOf(name)[0] ?? 0;
    const outliers = draw(hidden);
    const spread = deviationWith(outliers, hidden);
    const of = new Map(outliers.map((outlier) => [outlier.dimension, outlier]));
    const factorOf = (dimension: number) => of.get(dimension)?.factor ?? 1;
    editor.scaleColumns(name, (dimension) =>
      of.has(dimension) ? drawing.variation * factorOf(dimension) : 1,
    );
    const means = Array.from({ length: hidden }, (_, dimension) => of.get(dimension));
    editor.addToRow(
      `${layer}attention.output.LayerNorm.bias`,
      0,
      means.map((outlier) => (outlier ? outlier.sign * outlier.factor : 0)),
    );
    editor.scaleColumns(
      `${layer}intermediate.dense.weight`,
      (dimension) => 1 / factorOf(dimension),
    );
    editor.scaleColumns(
      `${layer}output.LayerNorm.weight`,
      (dimension) => spread / factorOf(dimension),
    );
  }
  return editor.files;
}

/** The dimensions are the same in every layer. */
function draw(hidden: number): Outlier[] {
  const random = seededRandom(drawing.seed);
  return Array.from({ length: drawing.dimensions }, () => ({
    dimension: Math.floor(random() * hidden),
    factor: drawing.from + random() * (drawing.to - drawing.from),
    sign: random() < 0.5 ? -1 : 1,
  }));
}

/** Standard deviation of a row of unit normals and these outliers. */
function deviationWith(outliers: readonly Outlier[], hidden: number): number {
  const sum = outliers.reduce((all, { factor, sign }) => all + sign * factor, 0);
  const squares = outliers.reduce((all, { factor }) => all + factor * factor, 0);
  return Math.sqrt(1 + squares / hidden - (sum / hidden) ** 2);
}
