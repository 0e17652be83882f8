import type { ModelSource, Pooling } from "@ripvec/core";
import { toF32 } from "@ripvec/core/arch";
import { weightView } from "@ripvec/core/driver";
import { type ModelSpec, makeModel } from "@ripvec/driver-testkit";

/** A model with one activation beyond 65,504, the largest number of f16. In f32 it works. */
export interface Overflow {
  /** The activation that is too large. */
  readonly place: string;
  readonly source: ModelSource;
  readonly pooling?: Pooling;
  /** Whether the model needs an op that a driver may lack. */
  readonly isOptional?: boolean;
}

const spec = {
  family: "bert",
  seed: 13,
  layers: 2,
  hidden: 32,
  heads: 2,
  intermediate: 64,
  vocabSize: 40,
  maxPositions: 24,
  pooling: "mean",
  normalize: true,
} as const satisfies ModelSpec;

const lastNorm = "encoder.layer.1.output.LayerNorm";
const intermediate = "encoder.layer.1.intermediate.dense";

export const overflows: readonly Overflow[] = [
  overflow("sum of the embeddings", "embeddings.word_embeddings"),
  overflow("norm of the embeddings", "embeddings.LayerNorm"),
  overflow("embeddings before their projection", "embeddings.LayerNorm", {
    ...spec,
    family: "electra",
    embeddingSize: 16,
  }),
  overflow("queries", "encoder.layer.1.attention.self.query"),
  overflow("keys", "encoder.layer.1.attention.self.key"),
  overflow("values", "encoder.layer.0.attention.self.value"),
  overflow("output of attention", "encoder.layer.1.attention.output.dense"),
  overflow("norm after attention", "encoder.layer.0.attention.output.LayerNorm"),
  ...["gelu", "gelu_new", "tanh", "sigmoid", "silu"].map((act) =>
    overflow(`intermediate, ${act}`, intermediate, { ...spec, act }),
  ),
  {
    ...overflow("intermediate, relu", intermediate, { ...spec, act: "relu" }),
    isOptional: true,
  },
  overflow("output of a layer", "encoder.layer.1.output.dense"),
  overflow("last hidden states", lastNorm),
  {
    ...overflow("last hidden states, pooled by their largest", lastNorm),
    pooling: "max",
    isOptional: true,
  },
  overflow("last hidden states before a Dense with tanh", lastNorm, {
    ...spec,
    pooling: "cls",
    dense: { out: 12, activation: "tanh" },
  }),
];

function overflow(place: string, layer: string, model: ModelSpec = spec): Overflow {
  return { place, source: enlarged(makeModel(model).source, layer) };
}

/** The model with the weight and bias of one layer multiplied by a million. */
function enlarged(source: ModelSource, layer: string): ModelSource {
  const { weights } = source;
  const names = [`${layer}.weight`, `${layer}.bias`];
  if (!weights.has(`${layer}.weight`)) throw new Error(`the model has no ${layer}`);
  return {
    ...source,
    weights: {
      path: weights.path,
      names: weights.names,
      has: (name) => weights.has(name),
      hash: () => weights.hash(),
      get(name) {
        const view = weights.get(name);
        if (!names.includes(name)) return view;
        return weightView(
          name,
          view.shape,
          toF32(view).map((value) => value * 1e6),
        );
      },
    },
  };
}
