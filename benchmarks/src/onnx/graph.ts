import { toHalves } from "./halves.js";
import { ProtoWriter } from "./protobuf.js";

/** Name of a value in the graph: an input, an initialiser, or the output of a node. */
export type Value = string;

/** (values − zero) · scale */
export interface Quantized {
  readonly values: Value;
  readonly scale: Value;
  readonly zero: Value;
}

/** The type of a graph's weights and activations that are not quantised. */
export type FloatType = "f32" | "f16";
export type ElementType = FloatType | "u8" | "i8" | "i64";

type TensorData = Float32Array | Uint16Array | Uint8Array | Int8Array | BigInt64Array;

/** A dimension: a size, or the name of a free one. */
export type Dim = number | string;

export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] };

const irVersion = 8;
/** The first opset with LayerNormalization. */
const opsetVersion = 17;
const elementTypes = { f32: 1, u8: 2, i8: 3, i64: 7, f16: 10 } as const satisfies Record<
  ElementType,
  number
>;
const attributeTypes = { float: 1, int: 2, ints: 7 } as const;

/** Builds an ONNX model node by node. Values get unique names from the given stem and a number. */
export class OnnxGraph {
  readonly #nodes: ProtoWriter[] = [];
  readonly #initializers: ProtoWriter[] = [];
  readonly #inputs: ProtoWriter[] = [];
  readonly #outputs: ProtoWriter[] = [];
  readonly #constants = new Map<string, Value>();
  readonly #floats: FloatType;
  #count = 0;

  constructor(floats: FloatType = "f32") {
    this.#floats = floats;
  }

  input(name: string, type: ElementType, shape: readonly Dim[]): Value {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  /** Stored in f32, whatever the graph's float type is. */
  output(value: Value, name: string, shape: readonly Dim[]): void {
    this.#nodes.push(node("Cast", [value], [name], { to: { int: elementTypes.f32 } }, ""));
    this.#outputs.push(valueInfo(name, "f32", shape));
  }

  /**
   * A weight: floats are rounded to the graph's type, i8 stays. Bytes are kept until `finish`, not
   * copied.
   */
  weight(name: string, shape: readonly number[], data: Float32Array | Int8Array): Value {
    const [type, kept] = data instanceof Int8Array ? (["i8", data] as const) : this.#rounded(data);
    this.#initializers.push(tensor(name, type, shape, kept));
    return name;
  }

  /** A scalar; equal ones share one initialiser. */
  scalar(value: number, type: ElementType = this.#floats): Value {
    return this.#constant(type, [], [value]);
  }

  /** A vector of int64 such as a shape; equal ones share one initialiser. */
  ints(values: readonly number[]): Value {
    return this.#constant("i64", [values.length], values);
  }

  /** x in the graph's float type. */
  toFloats(x: Value): Value {
    return this.node("Cast", [x], { to: { int: elementTypes[this.#floats] } });
  }

  /** Adds a node with one output and returns that output. */
  node(
    op: string,
    inputs: readonly Value[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = "",
  ): Value {
    const output = `${op}_${this.#count++}`;
    this.#nodes.push(node(op, inputs, [output], attributes, domain));
    return output;
  }

  /** Three outputs: x in unsigned 8 bits, its scale and its zero point. */
  dynamicQuantize(x: Value): Quantized {
    const stem = `DynamicQuantizeLinear_${this.#count++}`;
    const outputs = { values: stem, scale: `${stem}_scale`, zero: `${stem}_zero` };
    this.#nodes.push(node("DynamicQuantizeLinear", [x], Object.values(outputs), {}, ""));
    return outputs;
  }

  /** ModelProto as bytes. Throws RangeError when the model exceeds protobuf's 2 GB. */
  finish(): Uint8Array {
    const graph = new ProtoWriter()
      .messages(1, this.#nodes)
      .string(2, "main")
      .messages(5, this.#initializers)
      .messages(11, this.#inputs)
      .messages(12, this.#outputs);
    return new ProtoWriter()
      .int(1, irVersion)
      .string(2, "ripvec-benchmarks")
      .message(7, graph)
      .message(8, new ProtoWriter().string(1, "").int(2, opsetVersion))
      .message(8, new ProtoWriter().string(1, "com.microsoft").int(2, 1))
      .finish();
  }

  #rounded(data: Float32Array): readonly [FloatType, Float32Array | Uint16Array] {
    return this.#floats === "f16" ? ["f16", toHalves(data)] : ["f32", data];
  }

  #constant(type: ElementType, shape: readonly number[], values: readonly number[]): Value {
    const name = `${type}[${shape.join()}](${values.join()})`;
    const known = this.#constants.get(name);
    if (known) return known;
    const data = arrayOf(type, values);
    this.#initializers.push(tensor(name, type, shape, data));
    this.#constants.set(name, name);
    return name;
  }
}

function arrayOf(type: ElementType, values: readonly number[]): TensorData {
  switch (type) {
    case "f32":
      return Float32Array.from(values);
    case "f16":
      return toHalves(Float32Array.from(values));
    case "u8":
      return Uint8Array.from(values);
    case "i8":
      return Int8Array.from(values);
    case "i64":
      return BigInt64Array.from(values, (value) => BigInt(value));
    default:
      return type satisfies never;
  }
}

function node(
  op: string,
  inputs: readonly Value[],
  outputs: readonly Value[],
  attributes: Readonly<Record<string, Attribute>>,
  domain: string,
): ProtoWriter {
  const message = new ProtoWriter();
  for (const input of inputs) message.string(1, input);
  for (const output of outputs) message.string(2, output);
  message.string(3, outputs[0] ?? op).string(4, op);
  for (const [name, value] of Object.entries(attributes))
    message.message(5, attribute(name, value));
  return message.string(7, domain);
}

function attribute(name: string, value: Attribute): ProtoWriter {
  const message = new ProtoWriter().string(1, name);
  if ("int" in value) return message.int(3, value.int).int(20, attributeTypes.int);
  if ("float" in value) return message.float(2, value.float).int(20, attributeTypes.float);
  for (const int of value.ints) message.int(8, int);
  return message.int(20, attributeTypes.ints);
}

function tensor(
  name: string,
  type: ElementType,
  shape: readonly number[],
  data: TensorData,
): ProtoWriter {
  const message = new ProtoWriter();
  for (const dim of shape) message.int(1, dim);
  return message
    .int(2, elementTypes[type])
    .string(8, name)
    .bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function valueInfo(name: string, type: ElementType, shape: readonly Dim[]): ProtoWriter {
  const dims = shape.map((dim) =>
    typeof dim === "number" ? new ProtoWriter().int(1, dim) : new ProtoWriter().string(2, dim),
  );
  const tensorType = new ProtoWriter()
    .int(1, elementTypes[type])
    .message(2, new ProtoWriter().messages(1, dims));
  return new ProtoWriter().string(1, name).message(2, new ProtoWriter().message(1, tensorType));
}
