import { type ArchOptions, type Pooling, UnsupportedError } from "@ripvec/core";
import type { ModelDescription } from "@ripvec/core/arch";
import { type DenseConfig, readDense } from "./dense-config.js";
import { JsonFields } from "./json-fields.js";
import { type KnownModule, knownModules } from "./module-kinds.js";
import { type PoolingConfig, poolings, readPooling } from "./pooling-config.js";

/**
 * What one module computes: over token vectors [totalTokens, cols] before the pooling, over text vectors [batch, cols]
 * after it. `index` is the module's place in modules.json, by which its weights are found.
 */
export type Step =
  | ({ readonly kind: "pooling" } & PoolingConfig)
  | ({ readonly kind: "dense"; readonly index: number } & DenseConfig)
  | { readonly kind: "layer_norm"; readonly index: number; readonly cols: number }
  | { readonly kind: "l2" };

/** What converts token vectors to text vectors. */
export interface SentenceModules {
  /** In order; exactly one of them is a pooling. */
  readonly steps: readonly Step[];
  /** Length of a text vector. */
  readonly dim: number;
  /** Whether text vectors are scaled to length 1 at the end. */
  readonly normalized: boolean;
}

/**
 * Reads modules.json for token vectors of `hidden` values: a Transformer, then one Pooling, and Dense, LayerNorm, Dropout
 * and Normalize in any number and order. `options` take precedence over the files. Throws UnsupportedError or
 * ModelFileError for any other module, order or setting.
 */
export function readModules(
  model: ModelDescription,
  hidden: number,
  options: ArchOptions,
): SentenceModules {
  checkPoolingOption(options.pooling);
  const known = knownModules(model);
  const read = model.modules
    ? readSteps(model, known, hidden, options.pooling)
    : [defaultPooling(model, options.pooling)];
  const steps = withNormalize(read, options.normalize);
  const dim = steps.reduce(widthAfter, hidden);
  return { steps, dim, normalized: steps.at(-1)?.kind === "l2" };
}

function checkPoolingOption(pooling: Pooling | undefined): void {
  if (pooling === undefined || poolings.includes(pooling)) return;
  throw new UnsupportedError({ what: "pooling", value: pooling, supported: poolings });
}

/** The default of sentence-transformers for a model without modules.json: a decoder's last token, or else the mean. */
function defaultPooling({ config }: ModelDescription, chosen: Pooling | undefined): Step {
  const [head] = Array.isArray(config.architectures) ? config.architectures : [];
  const isCausal = String(head).endsWith("ForCausalLM") && config.is_causal !== false;
  return { kind: "pooling", modes: [chosen ?? (isCausal ? "last" : "mean")], includePrompt: true };
}

function readSteps(
  model: ModelDescription,
  modules: readonly KnownModule[],
  hidden: number,
  chosen: Pooling | undefined,
): readonly Step[] {
  checkOrder(modules);
  const steps: Step[] = [];
  let width = hidden;
  for (const module of modules.slice(1)) {
    const isPooled = steps.some(({ kind }) => kind === "pooling");
    if (!takesPart(model, module, isPooled)) continue;
    const step = readStep(model, module, width, chosen);
    if (!step) continue;
    steps.push(step);
    width = widthAfter(width, step);
  }
  return steps;
}

function readStep(
  model: ModelDescription,
  module: KnownModule,
  width: number,
  chosen: Pooling | undefined,
): Step | undefined {
  switch (module.kind) {
    case "Pooling":
      return { kind: "pooling", ...readPooling(model, module, width, chosen) };
    case "Dense":
      return { kind: "dense", index: module.index, ...readDense(model, module, width) };
    case "LayerNorm":
      return readLayerNorm(model, module, width);
    case "Normalize":
      return { kind: "l2" };
    case "Dropout":
    case "Transformer":
      return undefined;
    default:
      return module.kind satisfies never;
  }
}

function readLayerNorm(
  model: ModelDescription,
  { index, path, config }: KnownModule,
  width: number,
): Step {
  const json = new JsonFields(`${model.id}/${path}/config.json`, config);
  const cols = json.count("dimension");
  if (cols !== width) json.fail("dimension", `${width}, the width of its input`, cols);
  return { kind: "layer_norm", index, cols };
}

function widthAfter(width: number, step: Step): number {
  if (step.kind === "dense") return step.outputs;
  return step.kind === "pooling" ? step.modes.length * width : width;
}

function checkOrder(modules: readonly KnownModule[]): void {
  const order = modules.map(({ kind }) => kind).join(", ");
  const isKnown =
    /^Transformer(, (Dense|Normalize))*, Pooling(, (Dense|LayerNorm|Dropout|Normalize))*$/;
  if (isKnown.test(order)) return;
  throw new UnsupportedError({
    what: "order of modules in modules.json",
    value: order,
    supported: [
      "Transformer, then Dense or Normalize of token_embeddings, then Pooling (once), then Dense, LayerNorm, Dropout, Normalize",
    ],
  });
}

const tokens = "token_embeddings";
const sentence = "sentence_embedding";

/**
 * Whether a module changes the text vectors. A module over token vectors does so only before the pooling. Throws
 * UnsupportedError for an input or output of another name, and for text vectors before the pooling.
 */
function takesPart(model: ModelDescription, module: KnownModule, isPooled: boolean): boolean {
  if (module.kind !== "Dense" && module.kind !== "Normalize") return true;
  const json = new JsonFields(`${model.id}/${module.path}/config.json`, module.config);
  const input = json.text("module_input_name", sentence);
  const output = json.text("module_output_name", input);
  const supported = isPooled ? [sentence, tokens] : [tokens];
  for (const [key, name] of Object.entries({
    module_input_name: input,
    module_output_name: output,
  })) {
    if (supported.includes(name) && name === input) continue;
    throw new UnsupportedError({
      what: `${key} of ${module.kind} ${isPooled ? "after" : "before"} Pooling`,
      value: name,
      supported: supported.includes(input) ? [input] : supported,
    });
  }
  return !(isPooled && input === tokens);
}

/** The steps as the files have them, or with exactly one Normalize at the end, or with none there. */
function withNormalize(steps: readonly Step[], normalize: boolean | undefined): readonly Step[] {
  if (normalize === undefined) return steps;
  const kept = steps.slice(0, steps.findLastIndex(({ kind }) => kind !== "l2") + 1);
  return normalize ? [...kept, { kind: "l2" }] : kept;
}
