import type { RawModel } from "../model-files.js";
import type { BertFamily } from "./bert-family.js";
import type { FloatType, OnnxGraph, Quantized, Value } from "./graph.js";

/** What building any part of a BERT's graph needs. */
export interface BertContext {
  readonly graph: OnnxGraph;
  readonly family: BertFamily;
  readonly model: RawModel;
  /** What matrices and the word table are stored in: the floats or "i8", which multiplies in 8 bits too. */
  readonly weights: "f32" | "i8";
  /** What everything else is stored and computed in. */
  readonly floats: FloatType;
  /** Activations in 8 bits by what they were made of, so that Q, K and V share them. */
  readonly quantized: Map<Value, Quantized>;
}

/** Adds the nodes of one layer and returns its output. x [batch, sequence, hidden]. */
export type LayerBuilder = (
  context: BertContext,
  index: number,
  x: Value,
  mask: Value | undefined,
) => Value;

/** A tensor of the checkpoint as it is. */
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
