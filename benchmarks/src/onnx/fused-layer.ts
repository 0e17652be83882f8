import { type BertContext, type LayerBuilder, weightValue } from "./bert-context.js";
import type { Value } from "./graph.js";
import { type Matrix, product, quantizedInput, quantizedMatrix } from "./product.js";

const microsoft = "com.microsoft";

/** attention_mask as int32 [batch, sequence], as the fused attention ops expect it. */
export function integerMask({ graph }: BertContext, attentionMask: Value): Value {
  return graph.node("Cast", [attentionMask], { to: { int: 6 } });
}

/** A layer in onnxruntime's fused ops, with Q, K and V as one product inside Attention. */
export const attentionLayer: LayerBuilder = (context, index, x, mask) =>
  fusedLayer(context, index, x, attention(context, index, x, mask));

/**
 * A layer in onnxruntime's fused ops, with Q, K and V as three products before MultiHeadAttention.
 */
export const multiHeadLayer: LayerBuilder = (context, index, x, mask) =>
  fusedLayer(context, index, x, multiHeadAttention(context, index, x, mask));

function fusedLayer(context: BertContext, index: number, x: Value, attended: Value): Value {
  const { graph, family } = context;
  const names = family.layer(index);
  const projected = product(context, attended, names.attentionOutput);
  const middle = skipNorm(context, projected, x, names.attentionOutput, names.attentionNorm);
  const wide = product(context, middle, names.intermediate);
  const bias = weightValue(context, `${names.intermediate}.bias`);
  const gelu = family.activation === "erf" ? "BiasGelu" : "FastGelu";
  const activated = graph.node(gelu, [wide, bias], {}, microsoft);
  const narrow = product(context, activated, names.output);
  return skipNorm(context, narrow, middle, names.output, names.outputNorm);
}

/** LayerNorm(x + bias + skip) */
function skipNorm(
  context: BertContext,
  x: Value,
  skip: Value,
  linearName: string,
  normName: string,
): Value {
  const { graph, family } = context;
  const weights = [`${normName}.weight`, `${normName}.bias`, `${linearName}.bias`];
  return graph.node(
    "SkipLayerNormalization",
    [x, skip, ...weights.map((name) => weightValue(context, name))],
    { epsilon: { float: family.eps } },
    microsoft,
  );
}

const attention: LayerBuilder = (context, index, x, mask) => {
  const { graph, family } = context;
  const matrix = qkvMatrix(context, index);
  const [bias, heads] = [qkvBias(context, index), { num_heads: { int: family.heads } }];
  if (context.weights === "f32") {
    const weight = graph.weight(matrix.name, [matrix.inputs, matrix.outputs], matrix.data);
    const inputs = [x, weight, bias, ...(mask ? [mask] : [])];
    return graph.node("Attention", inputs, heads, microsoft);
  }
  const [a, b] = [quantizedInput(context, x), quantizedMatrix(context, matrix)];
  const [values, scales, zeros] = [
    [a.values, b.values],
    [a.scale, b.scale],
    [a.zero, b.zero],
  ];
  const inputs = [...values, bias, ...scales, mask ?? "", ...zeros];
  return graph.node("QAttention", inputs, heads, microsoft);
};

const multiHeadAttention: LayerBuilder = (context, index, x, mask) => {
  const { graph, family } = context;
  const { query, key, value } = family.layer(index);
  const products = [query, key, value].map((name) => product(context, x, name));
  return graph.node(
    "MultiHeadAttention",
    [...products, qkvBias(context, index), ...(mask ? [mask] : [])],
    { num_heads: { int: family.heads } },
    microsoft,
  );
};

/** The three biases concatenated, [3 · hidden]. */
function qkvBias({ graph, family, model }: BertContext, index: number): Value {
  const { query, key, value } = family.layer(index);
  const all = new Float32Array(3 * family.hidden);
  [query, key, value].forEach((name, part) => {
    all.set(model.checkpoint.get(`${name}.bias`).data, part * family.hidden);
  });
  return graph.weight(`layer.${index}.qkv.bias`, [3 * family.hidden], all);
}

/** The three transposed matrices side by side, [hidden, 3 · hidden]. */
function qkvMatrix({ family, model }: BertContext, index: number): Matrix {
  const { hidden } = family;
  const { query, key, value } = family.layer(index);
  const all = new Float32Array(3 * hidden * hidden);
  [query, key, value].forEach((name, part) => {
    const { data } = model.checkpoint.get(`${name}.weight`);
    for (let output = 0; output < hidden; output++) {
      for (let input = 0; input < hidden; input++) {
        all[(input * 3 + part) * hidden + output] = data[output * hidden + input] ?? 0;
      }
    }
  });
  return { name: `layer.${index}.qkv.weight`, inputs: hidden, outputs: 3 * hidden, data: all };
}
