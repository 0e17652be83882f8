import type { ModelSource } from "@ripvec/core";
import type { JsonObject, ModelDescription, ModelModule } from "@ripvec/core/arch";
import { encodeTensor, memoryWeights, type NamedTensor } from "../model/safetensors.js";

/** A tensor of a checkpoint, under the name that it has there. Tensors of two dimensions are kept in the dtype that the app chooses, others in f32. */
export interface ModelTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A small model with random weights that the architecture loads. */
export interface ArchModel {
  /** For the names of tests; unique among the models of a call. */
  readonly name: string;
  /** The content of config.json. */
  readonly config: JsonObject;
  /** Every tensor that the architecture needs, and no other. */
  readonly tensors: readonly ModelTensor[];
  readonly vocabSize: number;
  /** The largest number of tokens in one text. At least 4. */
  readonly maxTokens: number;
  /** Default: 1, which is a model without token types. */
  readonly tokenTypes?: number;
  /** The entries of modules.json; absent: the model has no such file, and its vectors are the mean of token vectors. */
  readonly modules?: readonly ModelModule[];
  /** The content of sentence_bert_config.json. */
  readonly sentenceConfig?: JsonObject;
  /**
   * Fields of config.json under each of which the same tensors give other vectors, such as `{ layer_norm_eps: 0.1 }`. Each
   * is compared with `forward` too, must change the vectors visibly, and must change the signature.
   */
  readonly variants?: readonly JsonObject[];
  /** Fields of config.json that the architecture refuses. The message must name one of the keys. */
  readonly refused?: readonly JsonObject[];
}

/** What a test changes in a model. */
export interface ModelChanges {
  /** Fields that replace those of the config. */
  readonly config?: JsonObject;
  /** What the checkpoint holds in place of the model's tensors. */
  readonly stored?: readonly NamedTensor[];
}

/** The model as an architecture gets it. */
export function sourceOf(model: ArchModel, changes: ModelChanges = {}): ModelSource {
  const { name: id, modules, sentenceConfig } = model;
  return {
    id,
    config: { ...model.config, ...changes.config },
    weights: memoryWeights(`${id}/model.safetensors`, changes.stored ?? storedTensors(model)),
    modules,
    sentenceConfig,
  };
}

/** The tensors of the model as a checkpoint in f32 holds them. */
export function storedTensors({ tensors }: ArchModel): readonly NamedTensor[] {
  return tensors.map(({ name, shape, values }) => encodeTensor(name, shape, values, "f32"));
}

/** What `check` gets: the model without its weights. */
export function descriptionOf({
  id,
  config,
  sentenceConfig,
  modules,
}: ModelSource): ModelDescription {
  const described = modules?.map(({ type, path, config }) => ({ type, path, config }));
  return { id, config, sentenceConfig, modules: described };
}
