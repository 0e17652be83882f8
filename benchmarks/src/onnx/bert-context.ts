import type { RawModel } from "../model-files.js";
import type { BertFamily } from "./bert-family.js";
import type { FloatType, OnnxGraph, Quantized, Value } from "./graph.js";

/** The inputs of every part of a BERT's graph. */
export interface BertContext {
  readonly graph: OnnxGraph;
  readonly family: BertFamily;
  readonly model: RawModel;
  /** Storage of matrices and the word table: floats, or "i8", which also multiplies in 8 bits. */
  readonly weights: "f32" | "i8";
  /** The type in which everything else is stored and computed. */
  readonly floats: FloatType;
  /** Quantised activations by their source, so that Q, K and V share them. */
  readonly quantized: Map<Value, Quantized>;
}

/** Adds the nodes of one layer and returns its output. x [batch, sequence, hidden]. */
export type LayerBuilder = (
  context: BertContext,
  index: number,
  x: Value,
  mask: Value | undefined,
) => Value;

/** A tensor of the checkpoint, unchanged. */
export function weightValue({ graph, model }: BertContext, name: string): Value {
  const { shape, data } = model.checkpoint.get(name);
  return graph.weight(name, shape, data);
}

export function layerNorm(context: BertContext, x: Value, name: string): Value {
  const { graph, family } = context;
  return graph.node(
    "LayerNormalization",
    [x, weightValue(context, `${name}.weight`), weightValue(context, `${name}.bias`)],
    { axis: { int: -1 }, epsilon: { float: family.eps } },
  );
}
