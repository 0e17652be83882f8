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
  checkSizes,
  expectOps,
  type LoadedModel,
  type ModelDescription,
  type OpName,
  type Ops,
  type PackedBatch,
  type SequenceLayout,
  type SizeOptions,
  type Tensor,
} from "@ripvec/core/arch";
import { Checkpoint } from "./checkpoint.js";
import { JsonFields } from "./json-fields.js";
import { knownModules } from "./module-kinds.js";
import { readModules, type SentenceModules } from "./modules.js";
import type { Planned } from "./planned.js";
import { type HeadStep, opsOfSteps, planHead, sentenceVectors } from "./sentence-head.js";
import { headSignature } from "./signature.js";
import { readMaxTokens } from "./transformer-config.js";

/** What the kit needs to know of a config. An architecture may read more from config.json. */
export interface TransformerConfig {
  /** Width of a token vector. */
  readonly hidden: number;
  readonly vocabSize: number;
  /** Rows of the token type table; 0 when the model has none. */
  readonly tokenTypes: number;
  /** The largest number of tokens in one text for which the model has positions. */
  readonly maxPositions: number;
}

/** One forward pass. */
export interface TransformerPass<Config, Weights> {
  readonly config: Config;
  readonly weights: Weights;
  readonly batch: PackedBatch;
  /** The layout of the batch, for attention. */
  readonly layout: SequenceLayout;
  /** The dtype of the activations; one of the driver's `capabilities.dtypes`. */
  readonly activations: ActivationDType;
}

/** The parts that an architecture defines. */
export interface TransformerDefinition<Config extends TransformerConfig, Weights> {
  /** The name of the architecture, such as "classic-bert". */
  readonly name: string;
  /**
   * Reads config.json. Throws UnsupportedError for what the architecture does not compute, and ModelFileError for numbers
   * that cannot be.
   */
  readConfig(json: JsonFields): Config;
  /** The optional ops that `forward` needs; absent: none. */
  optionalOps?(config: Config): readonly OpName[];
  /**
   * Everything that affects a token vector, except weights and dtypes: `["layers=12", "heads=12",
   * "eps=1e-12"]`.
   */
  signature(config: Config): readonly string[];
  /** Checks every tensor that `forward` needs. Throws ModelFileError. */
  weights(checkpoint: Checkpoint, config: Config): Planned<Weights>;
  /**
   * Records the forward pass; returns the token vectors [totalTokens, hidden] in f32 or in `pass.activations`. Never
   * awaits.
   */
  forward(ops: Ops, pass: TransformerPass<Config, Weights>): Tensor<ActivationDType>;
}

/**
 * The architecture of a transformer that computes one vector for each token, with the modules of sentence-transformers
 * after it. Everything is checked before the first weight is created.
 */
export function transformerArch<Config extends TransformerConfig, Weights>(
  definition: TransformerDefinition<Config, Weights>,
): ModelArch {
  return {
    name: definition.name,
    check(model: ModelDescription, options: ArchOptions & SizeOptions): void {
      const { modules, maxTokens } = describe(definition, model, options);
      checkSizes(options, { dimensions: modules.dim, maxTokens });
    },
    async load(driver: Driver, model: ModelSource, options: ArchOptions): Promise<LoadedModel> {
      const facts = describe(definition, model, options);
      const { config, modules } = facts;
      expectOps(driver, [
        ...(definition.optionalOps?.(config) ?? []),
        ...opsOfSteps(modules.steps),
      ]);
      const checkpoint = new Checkpoint(model.weights, options.dtype);
      const weights = definition.weights(checkpoint, config);
      const head = planHead(modules.steps, model);
      const created = { weights: weights(driver), head: head(driver) };
      return new LoadedTransformer(definition, facts, created, checkpoint.weightDtype);
    },
  };
}

/** What the JSON files of a model and the options specify. */
interface Facts<Config> {
  readonly config: Config;
  readonly modules: SentenceModules;
  readonly maxTokens: number;
  readonly activations: ActivationDType;
}

/** The kinds of the modules are checked first, because other kinds of models may have no config.json or an unrelated one. */
function describe<Config extends TransformerConfig>(
  definition: Pick<TransformerDefinition<Config, unknown>, "readConfig">,
  model: ModelDescription,
  options: ArchOptions,
): Facts<Config> {
  knownModules(model);
  const config = definition.readConfig(new JsonFields(`${model.id}/config.json`, model.config));
  const maxTokens = readMaxTokens(model, config.maxPositions);
  const modules = readModules(model, config.hidden, options);
  return { config, modules, maxTokens, activations: options.activations ?? "f32" };
}

/** What was created on the driver. */
interface Created<Weights> {
  readonly weights: Weights;
  readonly head: readonly HeadStep[];
}

class LoadedTransformer<Config extends TransformerConfig, Weights> implements LoadedModel {
  readonly dim: number;
  readonly maxTokens: number;
  readonly vocabSize: number;
  readonly tokenTypes: number;
  readonly normalized: boolean;
  readonly poolsPrompt: boolean;
  readonly batchKind = "packed";
  readonly signature: string;
  readonly weightDtype: WeightDType;
  readonly activations: ActivationDType;
  readonly #definition: TransformerDefinition<Config, Weights>;
  readonly #config: Config;
  readonly #created: Created<Weights>;

  constructor(
    definition: TransformerDefinition<Config, Weights>,
    { config, modules, maxTokens, activations }: Facts<Config>,
    created: Created<Weights>,
    weightDtype: WeightDType,
  ) {
    this.dim = modules.dim;
    this.maxTokens = maxTokens;
    this.vocabSize = config.vocabSize;
    this.tokenTypes = Math.max(1, config.tokenTypes);
    this.normalized = modules.normalized;
    this.poolsPrompt = modules.steps.every((step) => step.kind !== "pooling" || step.includePrompt);
    this.signature = [
      definition.name,
      ...definition.signature(config),
      ...headSignature(modules),
    ].join("/");
    this.weightDtype = weightDtype;
    this.activations = activations;
    this.#definition = definition;
    this.#config = config;
    this.#created = created;
  }

  forward(ops: Ops, batch: Batch): Tensor<"f32"> {
    if (batch.kind !== "packed") {
      throw new InputError(
        `${this.#definition.name} takes a packed batch, got a ${batch.kind} one`,
      );
    }
    const layout = ops.layout(batch.seqLens);
    const { weights, head } = this.#created;
    const pass = { config: this.#config, weights, batch, layout, activations: this.activations };
    const tokens = inF32(ops, this.#definition.forward(ops, pass));
    return sentenceVectors(ops, head, tokens, batch, layout);
  }
}

/** The modules after the transformer compute in f32. */
function inF32(ops: Ops, x: Tensor<ActivationDType>): Tensor<"f32"> {
  if (isF32(x)) return x;
  const out = ops.alloc("f32", x.shape);
  ops.convert({ x, out });
  return out;
}

const isF32 = (x: Tensor<ActivationDType>): x is Tensor<"f32"> => x.dtype === "f32";
