import { ModelFileError } from "@ripvec/core";
import { toF32, type WeightSource, type WeightView, weightView } from "@ripvec/core/arch";

export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Tensors by name, in the order of a checkpoint. */
export type Tensors = Map<string, NamedTensor>;

/** A WeightSource over tensors in memory. `change` may replace a tensor that it returns. */
export function weightSource(
  tensors: Tensors,
  change: (view: WeightView) => WeightView = (view) => view,
): WeightSource {
  const path = "tiny/model.safetensors";
  return {
    path,
    names: [...tensors.keys()],
    has: (name) => tensors.has(name),
    get(name) {
      const tensor = tensors.get(name);
      if (!tensor) throw new ModelFileError("missing", { path, tensor: name });
      return change(weightView(name, tensor.shape, tensor.data));
    },
    hash: async () => "0",
  };
}

/** The float tensors of any source, widened. */
export function tensorsOf(source: WeightSource): Tensors {
  const views = source.names.map((name) => source.get(name));
  return new Map(
    views
      .filter(({ dtype }) => ["f32", "f16", "bf16"].includes(dtype))
      .map((view) => [view.name, { shape: view.shape, data: toF32(view) }]),
  );
}

/** Deterministic normal numbers (mulberry32, Box–Muller). */
export function normals(seed: number): (std: number) => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return (std) => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    return std * radius * Math.cos(2 * Math.PI * uniform());
  };
}
