import { seededRandom } from "../encodings.js";
import type { ModelFiles } from "../model-files.js";
import { CheckpointEditor } from "./checkpoint-editor.js";

/** A hidden dimension and how many times stronger than the others it is made. */
interface Outlier {
  readonly dimension: number;
  readonly factor: number;
}

const drawing = { dimensions: 4, from: 20, to: 60, seed: 9 };

/**
 * The same BERT with outliers as trained ones have them: in every layer the LayerNorm behind attention
 * makes the same few hidden dimensions 20 to 60 times as strong. The feed-forward matrix that reads them
 * has weights as many times smaller there, and the LayerNorm at the end of the layer takes them back to
 * the size of the others, so that in f32 the model stays well-behaved. A row in 8 bits has to span them.
 */
export function withOutliers(files: ModelFiles): ModelFiles {
  const path = "model.safetensors";
  const bytes = files.get(path);
  if (!bytes) throw new RangeError(`the model has no ${path}`);
  const editor = new CheckpointEditor(bytes);
  const suffix = "attention.output.LayerNorm.weight";
  for (const name of editor.names.filter((each) => each.endsWith(suffix))) {
    const layer = name.slice(0, -suffix.length);
    const outliers = draw(editor.shapeOf(name)[0] ?? 0);
    const factors = new Map(outliers.map(({ dimension, factor }) => [dimension, factor]));
    const spread = deviationWith(outliers, editor.shapeOf(name)[0] ?? 0);
    editor.scaleColumns(name, (dimension) => factors.get(dimension) ?? 1);
    editor.scaleColumns(
      `${layer}intermediate.dense.weight`,
      (dimension) => 1 / (factors.get(dimension) ?? 1),
    );
    editor.scaleColumns(`${layer}output.LayerNorm.weight`, (dimension) => {
      const factor = factors.get(dimension);
      return factor === undefined ? 1 : spread / factor;
    });
  }
  return new Map([...files, [path, editor.bytes]]);
}

/** The same ones in every layer. */
function draw(hidden: number): Outlier[] {
  const random = seededRandom(drawing.seed);
  return Array.from({ length: drawing.dimensions }, () => ({
    dimension: Math.floor(random() * hidden),
    factor: drawing.from + random() * (drawing.to - drawing.from),
  }));
}

/** Standard deviation of a row of unit normals of which the outliers are made stronger. */
function deviationWith(outliers: readonly Outlier[], hidden: number): number {
  const squares = outliers.reduce((sum, { factor }) => sum + factor * factor, 0);
  return Math.sqrt(1 + squares / hidden);
}
