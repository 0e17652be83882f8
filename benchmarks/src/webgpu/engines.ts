import type { EngineSpec } from "../engines/engine.js";
import type { OnnxForm, OnnxOptions } from "../onnx/classic-bert.js";
import { CallLog } from "./call-log.js";

type Halvable = "f32" | "f16";

/** The calls of ripvec's drivers to their devices, by engine. */
export const callLog: CallLog = new CallLog();

/**
 * Ripvec's engines come first. The peer's f16 also computes in f16; ripvec's keeps activations in
 * f32.
 */
export const engines: readonly EngineSpec[] = [
  ours("ours", "f32"),
  ours("ours-f16", "f16"),
  ...(["f32", "f16"] as const).flatMap((floats) => [
    onnxruntime("plain", floats),
    onnxruntime("attention", floats),
    onnxruntime("attention", floats, false),
    onnxruntime("multi-head", floats, false),
  ]),
];

/** Throws RangeError for an unknown name. */
export function engineOf(name: string): EngineSpec {
  const engine = engines.find((each) => each.name === name);
  if (!engine) throw new RangeError(`no engine ${name}`);
  return engine;
}

function ours(name: string, dtype: Halvable): EngineSpec {
  return {
    name,
    dtype,
    side: "ours",
    takes: ["ids"],
    open: async (model) => (await import("./ours.js")).openOurs(model, { name, dtype, callLog }),
  };
}

/**
 * The provider does not support a mask in MultiHeadAttention, so this form is for texts of one
 * length.
 */
function onnxruntime(form: OnnxForm, floats: Halvable, masked = true): EngineSpec {
  const name = ["onnxruntime", form, masked ? "" : "unmasked", floats === "f16" ? floats : ""];
  const options: OnnxOptions = { form, floats, masked, states: "first" };
  const path = `onnx/${name.slice(1).filter(Boolean).join("_")}.onnx`;
  return {
    name: name.filter(Boolean).join("-"),
    dtype: floats,
    side: "peer",
    takes: ["ids"],
    graph: { path, options },
    oneLength: !masked,
    open: async (model, { threads }) =>
      (await import("../engines/onnxruntime.js")).openOnnxruntime(model, path, {
        threads,
        provider: "webgpu",
      }),
  };
}
