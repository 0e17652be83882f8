import {
  type HeadStep,
  knownModules,
  opsOf,
  opsOfSteps,
  planHead,
  readModules,
  type SentenceModules,
  sentenceVectors,
} from "@ripvec/arch-kit";
import {
  type ActivationDType,
  type ArchOptions,
  type Driver,
  InputError,
  type ModelArch,
  type ModelSource,
  type WeightDType,
} from "@ripvec/core";
import {
  type Batch,
  expectOps,
  type LoadedModel,
  type ModelDescription,
  type Ops,
  type Tensor,
} from "@ripvec/core/arch";
import { type BertConfig, readConfig } from "./config.js";
import { encode } from "./forward.js";
import { signatureOf } from "./signature.js";
import { type EncoderWeights, planEncoder } from "./weights.js";

const name = "classic-bert";

/**
 * BERT, ERNIE, RoBERTa, XLM-RoBERTa, CamemBERT, data2vec-text, DistilBERT and ELECTRA: encoders with learned absolute
 * positions that normalise after each sublayer, with the modules that sentence-transformers puts behind them.
 * Everything is checked before the first weight is created.
 */
export const classicBert: ModelArch = {
  name,
  check(model: ModelDescription, options: ArchOptions): void {
    describe(model, options);
  },
  async load(driver: Driver, model: ModelSource, options: ArchOptions): Promise<LoadedModel> {
    const description = describe(model, options);
    const { config, modules } = description;
    expectOps(driver, [...opsOf(config.activation), ...opsOfSteps(modules.steps)]);
    const encoder = planEncoder(model.weights, config, options.dtype);
    const head = planHead(modules.steps, model);
    return new ClassicBert(description, encoder(driver), head(driver), options.activations);
  },
};

interface Description {
  readonly config: BertConfig;
  readonly modules: SentenceModules;
}

/** Modules first: where they are of another kind of model, its config.json says nothing of use, or is absent. */
function describe(model: ModelDescription, options: ArchOptions): Description {
  knownModules(model);
  const config = readConfig(model);
  return { config, modules: readModules(model, config.hidden, options) };
}

class ClassicBert implements LoadedModel {
  readonly dim: number;
  readonly maxTokens: number;
  readonly vocabSize: number;
  readonly tokenTypes: number;
  readonly normalized: boolean;
  readonly poolsPrompt: boolean;
  readonly layout = "packed";
  readonly signature: string;
  readonly activations: ActivationDType;
  readonly weightDtype: WeightDType;
  readonly #config: BertConfig;
  readonly #encoder: EncoderWeights;
  readonly #head: readonly HeadStep[];

  constructor(
    { config, modules }: Description,
    encoder: EncoderWeights,
    head: readonly HeadStep[],
    activations: ActivationDType = "f32",
  ) {
    this.dim = modules.dim;
    this.maxTokens = config.maxTokens;
    this.vocabSize = config.vocabSize;
    this.tokenTypes = Math.max(1, config.tokenTypes);
    this.normalized = modules.normalized;
    this.poolsPrompt = modules.steps.every((step) => step.kind !== "pooling" || step.includePrompt);
    this.signature = signatureOf(name, config, modules);
    this.activations = activations;
    this.weightDtype = weightDTypeOf(encoder);
    this.#config = config;
    this.#encoder = encoder;
    this.#head = head;
  }

  forward(ops: Ops, batch: Batch): Tensor<"f32"> {
    if (batch.kind !== "packed") {
      throw new InputError(`${name} takes a packed batch, got a ${batch.kind} one`);
    }
    const layout = ops.layout(batch.seqLens);
    const hidden = encode(ops, this.#config, this.#encoder, batch, layout, this.activations);
    return sentenceVectors(ops, this.#head, hidden, batch, layout);
  }
}

/** What its matrices are kept in; f32 only if all are. */
function weightDTypeOf({ embeddings, layers }: EncoderWeights): WeightDType {
  const matrices = layers.flatMap(({ qkv, attentionOutput, intermediate, output }) => [
    qkv,
    attentionOutput,
    intermediate,
    output,
  ]);
  if (embeddings.projection) matrices.push(embeddings.projection);
  const dtypes = matrices.map(({ weight }) => weight.dtype as WeightDType);
  return dtypes.find((dtype) => dtype !== "f32") ?? "f32";
}
