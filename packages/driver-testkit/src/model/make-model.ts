import type { ModelSource } from "@ripvec/core";
import { sizeOf } from "@ripvec/core/driver";
import { Random } from "../numbers/random.js";
import { bytePairJson, bytePairSpecials, bytePairVocabulary, merges } from "./byte-pairs.js";
import { configJson } from "./config-json.js";
import { planTensors, positionRows, type TensorPlan, type TensorUse } from "./family-tensors.js";
import { modulesJson, planModules } from "./modules-json.js";
import {
  countingTensor,
  encodeTensor,
  memoryWeights,
  type NamedTensor,
  safetensorsFile,
} from "./safetensors.js";
import type { ModelSpec } from "./spec.js";
import { wordPieceJson, wordPieceSpecials, wordPieceVocabulary } from "./wordpiece.js";

/** A random model in Hugging Face layout. */
export interface MadeModel {
  /** Path inside the model directory → content. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The same model in memory, without a tokenizer. */
  readonly source: ModelSource;
}

/**
 * Makes a seeded random model: real tensor names, real config keys, a tokenizer that works. Weights
 * are strong enough that attention is peaky and texts differ. Throws ArgumentError when `words` don't fit.
 */
export function makeModel(spec: ModelSpec): MadeModel {
  const id = `made-${spec.family}-${spec.seed}`;
  const config = configJson(spec);
  const tensors = planTensors(spec).map((plan) => drawTensor(spec, plan));
  if (spec.family === "bert") {
    const name = `${spec.prefix ? "bert." : ""}embeddings.position_ids`;
    tensors.push(countingTensor(name, positionRows(spec)));
  }
  const denseTensors = spec.dense && drawDense(spec, spec.dense.out);
  const modules = planModules(spec, denseTensors && memoryWeights(`${id}/2_Dense`, denseTensors));
  const sentenceConfig = { max_seq_length: spec.maxPositions, do_lower_case: false };
  const withModules = spec.modules !== false;

  const files = new Map<string, Uint8Array>();
  const json = (path: string, value: unknown) =>
    files.set(path, text(`${JSON.stringify(value, null, 2)}\n`));
  json("config.json", config);
  files.set("model.safetensors", safetensorsFile(tensors));
  addTokenizer(spec, files, json);
  if (withModules) {
    json("modules.json", modulesJson(modules));
    json("sentence_bert_config.json", sentenceConfig);
    for (const { path, config: moduleConfig } of modules) {
      if (Object.keys(moduleConfig).length > 0) json(`${path}/config.json`, moduleConfig);
    }
    if (denseTensors) files.set("2_Dense/model.safetensors", safetensorsFile(denseTensors));
  }
  const source: ModelSource = {
    id,
    config,
    weights: memoryWeights(`${id}/model.safetensors`, tensors),
    ...(withModules && { modules, sentenceConfig }),
  };
  return { files, source };
}

/** Every tensor has its own stream of random numbers, named by seed and tensor. */
function drawTensor(spec: ModelSpec, { name, shape, use }: TensorPlan): NamedTensor {
  const random = new Random(`${spec.seed}/${name}`);
  const { mean, deviation } = distribution(use, spec.hidden);
  const values = random.normals(sizeOf(shape), deviation, mean);
  const isVector = shape.length === 1;
  const dtype = (isVector ? undefined : spec.matrixDtype) ?? spec.dtype ?? "f32";
  return encodeTensor(name, shape, values, dtype);
}

/**
 * The deviations are those for models of width 384. In narrower models, √(384 / hidden) gives
 * scores of the same size.
 */
function distribution(use: TensorUse, hidden: number): { mean: number; deviation: number } {
  const widen = Math.sqrt(384 / hidden);
  switch (use) {
    case "attention":
      return { mean: 0, deviation: 0.07 * widen };
    case "matrix":
      return { mean: 0, deviation: 0.05 * widen };
    case "table":
      return { mean: 0, deviation: 0.05 };
    case "bias":
      return { mean: 0, deviation: 0.02 };
    case "normWeight":
      return { mean: 1, deviation: 0.1 };
    default:
      return use satisfies never;
  }
}

function drawDense({ matrixDtype: _, ...spec }: ModelSpec, out: number): NamedTensor[] {
  return [
    drawTensor(spec, { name: "linear.weight", shape: [out, spec.hidden], use: "matrix" }),
    drawTensor(spec, { name: "linear.bias", shape: [out], use: "bias" }),
  ];
}

function addTokenizer(
  spec: ModelSpec,
  files: Map<string, Uint8Array>,
  json: (path: string, value: unknown) => void,
): void {
  const isBytePair = spec.family === "roberta";
  const specials = isBytePair ? bytePairSpecials : wordPieceSpecials;
  if (isBytePair) {
    const vocabulary = bytePairVocabulary(spec.vocabSize);
    json("tokenizer.json", bytePairJson(vocabulary));
    json("vocab.json", Object.fromEntries(vocabulary.map((token, index) => [token, index])));
    files.set("merges.txt", text(`#version: 0.2\n${merges.join("\n")}\n`));
  } else {
    const vocabulary = wordPieceVocabulary(spec);
    json("tokenizer.json", wordPieceJson(vocabulary));
    files.set("vocab.txt", text(`${vocabulary.join("\n")}\n`));
  }
  json("special_tokens_map.json", specials);
  json("tokenizer_config.json", {
    ...specials,
    ...(!isBytePair && { do_lower_case: true }),
    model_max_length: spec.maxPositions,
    tokenizer_class: tokenizerClasses[spec.family],
  });
}

const tokenizerClasses = {
  bert: "BertTokenizer",
  roberta: "RobertaTokenizer",
  distilbert: "DistilBertTokenizer",
  electra: "ElectraTokenizer",
} as const;

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}
