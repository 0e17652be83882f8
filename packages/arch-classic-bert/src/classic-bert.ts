import {
  type ArchOptions,
  type Batch,
  type Driver,
  InputError,
  type LoadedModel,
  type ModelArch,
  type ModelSource,
  type Ops,
  type Tensor,
  type WeightDType,
} from "@ripvec/core";
import { type BertConfig, readConfig } from "./config.js";
import { encode } from "./forward.js";
import { readModules, type SentenceModules } from "./modules.js";
import { createHead, type SentenceHead, sentenceVectors } from "./sentence.js";
import { type EncoderWeights, planEncoder } from "./weights.js";

const name = "classic-bert";

/**
 * BERT, RoBERTa, XLM-RoBERTa, CamemBERT, DistilBERT and ELECTRA: encoders with learned absolute
 * positions that normalise after each sublayer, with the pooling, Dense and Normalize modules of
 * sentence-transformers. Everything is checked before the first weight is created.
 */
export const classicBert: ModelArch = {
  name,
  async load(driver: Driver, model: ModelSource, options: ArchOptions): Promise<LoadedModel> {
    const config = readConfig(model);
    const modules = readModules(model, config.hidden, options);
    const encoder = planEncoder(model.weights, config, options.dtype);
    return new ClassicBert(
      config,
      modules,
      encoder(driver),
      createHead(driver, modules),
      options.dtype,
    );
  },
};

class ClassicBert implements LoadedModel {
  readonly dim: number;
  readonly maxTokens: number;
  readonly vocabSize: number;
  readonly tokenTypes: number;
  readonly normalized: boolean;
  readonly layout = "packed";
  readonly signature: string;
  readonly weightDtype: WeightDType | undefined;
  readonly #config: BertConfig;
  readonly #encoder: EncoderWeights;
  readonly #head: SentenceHead;

  constructor(
    config: BertConfig,
    modules: SentenceModules,
    encoder: EncoderWeights,
    head: SentenceHead,
    weightDtype: WeightDType | undefined,
  ) {
    this.dim = modules.dim;
    this.maxTokens = config.maxTokens;
    this.vocabSize = config.vocabSize;
    this.tokenTypes = Math.max(1, config.tokenTypes);
    this.normalized = modules.normalize;
    this.signature = signatureOf(config, modules);
    this.weightDtype = weightDtype;
    this.#config = config;
    this.#encoder = encoder;
    this.#head = head;
  }

  forward(ops: Ops, batch: Batch): Tensor<"f32"> {
    if (batch.kind !== "packed") {
      throw new InputError(`${name} takes a packed batch, got a ${batch.kind} one`);
    }
    const layout = ops.layout(batch.seqLens);
    const hidden = encode(ops, this.#config, this.#encoder, batch, layout);
    return sentenceVectors(ops, this.#head, hidden, layout);
  }
}

/** "classic-bert/roberta/layers=12/heads=12/positions=2/gelu=erf/eps=0.00001/cls/dense=256:tanh/l2" */
function signatureOf(config: BertConfig, { pooling, dense, normalize }: SentenceModules): string {
  return [
    name,
    config.family.modelType,
    `layers=${config.layers}`,
    `heads=${config.heads}`,
    `positions=${config.positionOffset}`,
    `gelu=${config.gelu}`,
    `eps=${config.eps}`,
    pooling,
    ...dense.map(({ outputs, activation }) => `dense=${outputs}:${activation}`),
    normalize ? "l2" : "raw",
  ].join("/");
}
