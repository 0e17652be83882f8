import { type ModelFiles, rawModel } from "../model-files.js";
import { type BertContext, type LayerBuilder, layerNorm } from "./bert-context.js";
import { bertFamily } from "./bert-family.js";
import { attentionLayer, integerMask, multiHeadLayer } from "./fused-layer.js";
import { type FloatType, OnnxGraph, type Value } from "./graph.js";
import { additiveMask, plainLayer } from "./plain-layer.js";
import { linear, lookup } from "./product.js";

interface Form {
  readonly mask: (context: BertContext, attentionMask: Value) => Value;
  readonly layer: LayerBuilder;
}

/** "plain": as torch exports it; the others: as onnxruntime's own optimizer rewrites it offline. */
export type OnnxForm = "plain" | "attention" | "multi-head";

export interface OnnxOptions {
  readonly form?: OnnxForm;
  /**
   * "i8": as onnxruntime's quantize_dynamic rewrites it, with one scale per output channel. Default
   * "f32".
   */
  readonly weights?: "f32" | "i8";
  /** Type of weights and activations; for i8 only f32. Default "f32". */
  readonly floats?: FloatType;
  /** "first" outputs only the state of the first token, as CLS pooling needs. Default "all". */
  readonly states?: "all" | "first";
  /** False leaves attention_mask out, for texts of one length only. Default true. */
  readonly masked?: boolean;
}

const forms: Record<OnnxForm, Form> = {
  plain: { mask: additiveMask, layer: plainLayer },
  attention: { mask: integerMask, layer: attentionLayer },
  "multi-head": { mask: integerMask, layer: multiHeadLayer },
};

const tokens = ["batch", "sequence"] as const;

/**
 * A classic BERT as an ONNX model: input_ids, attention_mask (when masked) and, if the family has
 * them, token_type_ids, all [batch, sequence] int64 → last_hidden_state [batch, sequence or 1,
 * hidden] f32.
 */
export function classicBertOnnx(files: ModelFiles, options: OnnxOptions = {}): Uint8Array {
  const {
    form = "plain",
    weights = "f32",
    floats = "f32",
    states = "all",
    masked = true,
  } = options;
  const model = rawModel(files);
  const [graph, family] = [new OnnxGraph(floats), bertFamily(model)];
  const context: BertContext = { graph, family, model, weights, floats, quantized: new Map() };
  const { layer, mask: maskOf } = forms[form];
  const inputIds = graph.input("input_ids", "i64", tokens);
  const mask = masked ? maskOf(context, graph.input("attention_mask", "i64", tokens)) : undefined;
  let x = embeddings(context, inputIds);
  for (let index = 0; index < family.layers; index++) x = layer(context, index, x, mask);
  const [batch, sequence] = tokens;
  if (states === "first") x = graph.node("Gather", [x, graph.ints([0])], { axis: { int: 1 } });
  const rows = states === "first" ? 1 : sequence;
  graph.output(x, "last_hidden_state", [batch, rows, family.hidden]);
  return graph.finish();
}

function embeddings(context: BertContext, inputIds: Value): Value {
  const { graph, family } = context;
  const stem = `${family.prefix}embeddings`;
  const table = (name: string, ids: Value) => lookup(context, `${stem}.${name}.weight`, ids);
  let x = table("word_embeddings", inputIds);
  if (family.tokenTypes) {
    const types = graph.input("token_type_ids", "i64", tokens);
    x = graph.node("Add", [x, table("token_type_embeddings", types)]);
  }
  const positions = table("position_embeddings", positionIds(context, inputIds));
  x = layerNorm(context, graph.node("Add", [x, positions]), `${stem}.LayerNorm`);
  return family.projection ? linear(context, x, family.projection) : x;
}

function positionIds({ graph, family }: BertContext, inputIds: Value): Value {
  const [zero, one] = [graph.scalar(0, "i64"), graph.scalar(1, "i64")];
  if (family.positions === "arange") {
    const length = graph.node("Gather", [graph.node("Shape", [inputIds]), one]);
    return graph.node("Unsqueeze", [graph.node("Range", [zero, length, one]), graph.ints([0])]);
  }
  const pad = graph.scalar(family.padId, "i64");
  const isReal = graph.node("Not", [graph.node("Equal", [inputIds, pad])]);
  const real = graph.node("Cast", [isReal], { to: { int: 7 } });
  const running = graph.node("CumSum", [real, one]);
  return graph.node("Add", [graph.node("Mul", [running, real]), pad]);
}
