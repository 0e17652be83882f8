import { type BertContext, weightValue } from "./bert-context.js";
import type { Quantized, Value } from "./graph.js";
import { quantizeColumns, quantizeTensor } from "./quantize.js";

/** A matrix of the graph, [inputs, outputs]. */
export interface Matrix {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly data: Float32Array;
}

/** x · Wᵀ + b */
export function linear(context: BertContext, x: Value, name: string): Value {
  const bias = weightValue(context, `${name}.bias`);
  return context.graph.node("Add", [bias, product(context, x, name)]);
}

/** x · Wᵀ. The matrix is stored transposed, as exporters fold the transpose. */
export function product(context: BertContext, x: Value, name: string): Value {
  const { graph, model } = context;
  const { shape, data } = model.checkpoint.get(`${name}.weight`);
  const [outputs = 0, inputs = 0] = shape;
  const matrix = {
    name: `${name}.weight`,
    inputs,
    outputs,
    data: transpose(data, outputs, inputs),
  };
  if (context.weights === "i8") return integerProduct(context, x, matrix);
  return graph.node("MatMul", [x, graph.weight(matrix.name, [inputs, outputs], matrix.data)]);
}

/**
 * Rows of a table by id. In 8 bits it has one scale, as onnxruntime's quantize_dynamic stores it.
 */
export function lookup(context: BertContext, table: string, ids: Value): Value {
  const { graph, model, weights } = context;
  if (weights === "f32") return graph.node("Gather", [weightValue(context, table), ids]);
  const { shape, data } = model.checkpoint.get(table);
  const { values, scale } = quantizeTensor(data);
  const rows = graph.node("Gather", [graph.weight(`${table}_quantized`, shape, values), ids]);
  return graph.node("DequantizeLinear", [rows, graph.scalar(scale), graph.scalar(0, "i8")]);
}

/** A matrix in 8 bits, with its parts named as by the nodes of quantize_dynamic. */
export function quantizedMatrix(
  { graph }: BertContext,
  { name, inputs, outputs, data }: Matrix,
): Quantized {
  const { values, scales } = quantizeColumns(data, outputs);
  return {
    values: graph.weight(`${name}_quantized`, [inputs, outputs], values),
    scale: graph.weight(`${name}_scale`, [outputs], scales),
    zero: graph.weight(`${name}_zero_point`, [outputs], new Int8Array(outputs)),
  };
}

/** x in 8 bits, quantised once for all products that read it. */
export function quantizedInput({ graph, quantized }: BertContext, x: Value): Quantized {
  const known = quantized.get(x);
  if (known) return known;
  const made = graph.dynamicQuantize(x);
  quantized.set(x, made);
  return made;
}

/** MatMulInteger → Cast → Mul, which onnxruntime fuses into MatMulIntegerToFloat. */
function integerProduct(context: BertContext, x: Value, matrix: Matrix): Value {
  const { graph } = context;
  const [a, b] = [quantizedInput(context, x), quantizedMatrix(context, matrix)];
  const sums = graph.node("MatMulInteger", [a.values, b.values, a.zero, b.zero]);
  const cast = graph.node("Cast", [sums], { to: { int: 1 } });
  return graph.node("Mul", [cast, graph.node("Mul", [a.scale, b.scale])]);
}

function transpose(data: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      out[column * rows + row] = data[row * columns + column] ?? 0;
    }
  }
  return out;
}
