import type { WeightDType } from "@ripvec/core";
import type { OnnxOptions } from "../onnx/classic-bert.js";
import type { EngineSpec } from "./engine.js";

/** A library is imported when its engine is opened, so that a child process loads only its own. */
export const engines: readonly EngineSpec[] = [
  ours("ours", "f32"),
  ours("ours-f16", "f16"),
  ours("ours-bf16", "bf16"),
  ours("ours-i8", "i8"),
  onnxruntime("onnxruntime", "model", { form: "plain" }),
  onnxruntime("onnxruntime-attention", "attention", { form: "attention" }),
  onnxruntime("onnxruntime-multi-head", "multi_head", { form: "multi-head" }),
  onnxruntime("onnxruntime-unmasked", "unmasked", { form: "attention", masked: false }),
  onnxruntime("onnxruntime-i8", "model_quantized", { form: "plain", weights: "i8" }),
  onnxruntime("onnxruntime-attention-i8", "attention_quantized", {
    form: "attention",
    weights: "i8",
  }),
  onnxruntime("onnxruntime-multi-head-i8", "multi_head_quantized", {
    form: "multi-head",
    weights: "i8",
  }),
  transformersJs("transformers.js", "fp32"),
  transformersJs("transformers.js-q8", "q8"),
];

/** Throws RangeError for an unknown name. */
export function engineNamed(name: string): EngineSpec {
  const engine = engines.find((each) => each.name === name);
  if (!engine) throw new RangeError(`no engine ${name}`);
  return engine;
}

/** The engine whose vectors are the reference. */
export const referenceName = "onnxruntime";

function ours(name: string, dtype: WeightDType): EngineSpec {
  return {
    name,
    dtype,
    side: "ours",
    takes: ["ids", "text"],
    open: async (model, settings) =>
      (await import("./ours.js")).openOurs(model, { ...settings, dtype }),
  };
}

function onnxruntime(name: string, file: string, options: OnnxOptions): EngineSpec {
  const graph = { path: `onnx/${file}.onnx`, options };
  return {
    name,
    dtype: options.weights ?? "f32",
    side: "peer",
    takes: ["ids"],
    graph,
    oneLength: options.masked === false,
    open: async (model, { threads }) =>
      (await import("./onnxruntime.js")).openOnnxruntime(model, graph.path, { threads }),
  };
}

/** Runs on the plain graphs, as the hub's models do; the library expects these names. */
function transformersJs(name: string, dtype: "fp32" | "q8"): EngineSpec {
  const [file, weights] =
    dtype === "q8" ? (["model_quantized", "i8"] as const) : (["model", "f32"] as const);
  return {
    name,
    dtype: weights,
    side: "peer",
    takes: ["text"],
    graph: { path: `onnx/${file}.onnx`, options: { form: "plain", weights } },
    open: async (model, { threads }) =>
      (await import("./transformers-js.js")).openTransformersJs(model, threads, dtype),
  };
}
