import type { ModelSpec } from "./spec.js";

/** The distribution that a tensor is drawn from. */
export type TensorUse = "table" | "attention" | "matrix" | "bias" | "normWeight";

export interface TensorPlan {
  readonly name: string;
  readonly shape: readonly number[];
  readonly use: TensorUse;
}

const prefixes = {
  bert: "bert.",
  roberta: "roberta.",
  distilbert: "distilbert.",
  electra: "electra.",
} as const;

/** Every float tensor of the encoder by its Hugging Face name, and one of a task head when prefixed. */
export function planTensors(spec: ModelSpec): TensorPlan[] {
  const prefix = spec.prefix ? prefixes[spec.family] : "";
  const body = [...embeddingTensors(spec)];
  for (let layer = 0; layer < spec.layers; layer++) body.push(...layerTensors(spec, layer));
  if (spec.family === "bert" || spec.family === "roberta") {
    body.push(...dense("pooler.dense", spec.hidden, spec.hidden));
  }
  const named = body.map((plan) => ({ ...plan, name: prefix + plan.name }));
  if (spec.prefix) named.push({ name: "head.bias", shape: [spec.vocabSize], use: "bias" });
  return named;
}

/** Rows of the position table. */
export function positionRows({ family, maxPositions }: ModelSpec): number {
  return family === "roberta" ? maxPositions + 2 : maxPositions;
}

export function tokenTypes({ family }: ModelSpec): number {
  if (family === "distilbert") return 0;
  return family === "roberta" ? 1 : 2;
}

export function embeddingWidth({ family, embeddingSize, hidden }: ModelSpec): number {
  return family === "electra" ? (embeddingSize ?? hidden) : hidden;
}

function embeddingTensors(spec: ModelSpec): TensorPlan[] {
  const width = embeddingWidth(spec);
  const table = (name: string, rows: number): TensorPlan => ({
    name: `embeddings.${name}.weight`,
    shape: [rows, width],
    use: "table",
  });
  const types = tokenTypes(spec);
  return [
    table("word_embeddings", spec.vocabSize),
    table("position_embeddings", positionRows(spec)),
    ...(types > 0 ? [table("token_type_embeddings", types)] : []),
    ...norm("embeddings.LayerNorm", width),
    ...(width === spec.hidden ? [] : dense("embeddings_project", spec.hidden, width)),
  ];
}

function layerTensors(spec: ModelSpec, index: number): TensorPlan[] {
  const { hidden, intermediate, family } = spec;
  if (family === "distilbert") {
    const layer = `transformer.layer.${index}`;
    return [
      ...dense(`${layer}.attention.q_lin`, hidden, hidden, "attention"),
      ...dense(`${layer}.attention.k_lin`, hidden, hidden, "attention"),
      ...dense(`${layer}.attention.v_lin`, hidden, hidden),
      ...dense(`${layer}.attention.out_lin`, hidden, hidden),
      ...norm(`${layer}.sa_layer_norm`, hidden),
      ...dense(`${layer}.ffn.lin1`, intermediate, hidden),
      ...dense(`${layer}.ffn.lin2`, hidden, intermediate),
      ...norm(`${layer}.output_layer_norm`, hidden),
    ];
  }
  const layer = `encoder.layer.${index}`;
  return [
    ...dense(`${layer}.attention.self.query`, hidden, hidden, "attention"),
    ...dense(`${layer}.attention.self.key`, hidden, hidden, "attention"),
    ...dense(`${layer}.attention.self.value`, hidden, hidden),
    ...dense(`${layer}.attention.output.dense`, hidden, hidden),
    ...norm(`${layer}.attention.output.LayerNorm`, hidden),
    ...dense(`${layer}.intermediate.dense`, intermediate, hidden),
    ...dense(`${layer}.output.dense`, hidden, intermediate),
    ...norm(`${layer}.output.LayerNorm`, hidden),
  ];
}

function dense(
  name: string,
  outputs: number,
  inputs: number,
  use: TensorUse = "matrix",
): TensorPlan[] {
  return [
    { name: `${name}.weight`, shape: [outputs, inputs], use },
    { name: `${name}.bias`, shape: [outputs], use: "bias" },
  ];
}

function norm(name: string, width: number): TensorPlan[] {
  return [
    { name: `${name}.weight`, shape: [width], use: "normWeight" },
    { name: `${name}.bias`, shape: [width], use: "bias" },
  ];
}
