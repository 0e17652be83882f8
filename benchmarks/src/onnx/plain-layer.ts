import { type BertContext, type LayerBuilder, layerNorm } from "./bert-context.js";
import type { Value } from "./graph.js";
import { linear } from "./product.js";

/** The lowest number of each type. */
const lowest = { f32: -3.4028234663852886e38, f16: -65504 } as const;

/** 0 at tokens and the lowest number at padding, [batch, 1, 1, sequence], to add to the scores. */
export function additiveMask({ graph, floats }: BertContext, attentionMask: Value): Value {
  const rows = graph.node("Unsqueeze", [attentionMask, graph.ints([1])]);
  const expanded = graph.node("Unsqueeze", [rows, graph.ints([2])]);
  const keep = graph.toFloats(expanded);
  const drop = graph.node("Sub", [graph.scalar(1), keep]);
  return graph.node("Mul", [drop, graph.scalar(lowest[floats])]);
}

/** A layer in ONNX's own ops, as torch.onnx.export writes eager attention. */
export const plainLayer: LayerBuilder = (context, index, x, mask) => {
  const { graph, family } = context;
  const names = family.layer(index);
  const query = heads(context, linear(context, x, names.query), [0, 2, 1, 3]);
  const keyTransposed = heads(context, linear(context, x, names.key), [0, 2, 3, 1]);
  const value = heads(context, linear(context, x, names.value), [0, 2, 1, 3]);
  const attended = attention(context, query, keyTransposed, value, mask);
  const projected = linear(context, attended, names.attentionOutput);
  const middle = layerNorm(context, graph.node("Add", [projected, x]), names.attentionNorm);
  const widened = gelu(context, linear(context, middle, names.intermediate));
  const narrowed = linear(context, widened, names.output);
  return layerNorm(context, graph.node("Add", [narrowed, middle]), names.outputNorm);
};

/** Q and V as [batch, heads, sequence, headDim], K with its last two dimensions swapped. */
function heads({ graph, family }: BertContext, x: Value, perm: readonly number[]): Value {
  const shape = graph.ints([0, 0, family.heads, family.hidden / family.heads]);
  return graph.node("Transpose", [graph.node("Reshape", [x, shape])], { perm: { ints: perm } });
}

function attention(
  { graph, family }: BertContext,
  query: Value,
  keyTransposed: Value,
  value: Value,
  mask: Value | undefined,
): Value {
  const scale = graph.scalar(Math.sqrt(family.hidden / family.heads));
  const scores = graph.node("Div", [graph.node("MatMul", [query, keyTransposed]), scale]);
  const masked = mask ? graph.node("Add", [scores, mask]) : scores;
  const probabilities = graph.node("Softmax", [masked], { axis: { int: -1 } });
  const context = graph.node("MatMul", [probabilities, value]);
  const tokensFirst = graph.node("Transpose", [context], { perm: { ints: [0, 2, 1, 3] } });
  return graph.node("Reshape", [tokensFirst, graph.ints([0, 0, family.hidden])]);
}

function gelu({ graph, family }: BertContext, x: Value): Value {
  const one = graph.scalar(1);
  const half = graph.scalar(0.5);
  if (family.activation === "erf") {
    const erf = graph.node("Erf", [graph.node("Div", [x, graph.scalar(Math.SQRT2)])]);
    const product = graph.node("Mul", [x, graph.node("Add", [erf, one])]);
    return graph.node("Mul", [product, half]);
  }
  const cube = graph.node("Pow", [x, graph.scalar(3)]);
  const bent = graph.node("Add", [x, graph.node("Mul", [cube, graph.scalar(0.044715)])]);
  const inner = graph.node("Mul", [bent, graph.scalar(Math.sqrt(2 / Math.PI))]);
  const gate = graph.node("Add", [graph.node("Tanh", [inner]), one]);
  return graph.node("Mul", [graph.node("Mul", [x, half]), gate]);
}
