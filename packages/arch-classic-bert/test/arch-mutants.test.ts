import { transformerArch } from "@ripvec/arch-kit";
import type { ArchOptions, Driver, ModelArch, ModelSource } from "@ripvec/core";
import { type LoadedModel, type Ops, weightView } from "@ripvec/core/arch";
import { testArch } from "@ripvec/driver-testkit";
import { expect, test } from "vitest";
import { type BertConfig, readConfig } from "../src/config.js";
import { encode } from "../src/forward.js";
import { classicBert } from "../src/index.js";
import { type EncoderWeights, planEncoder } from "../src/weights.js";
import { archModel, forward } from "./support/arch-models.js";

const model = archModel(
  "bert",
  { family: "bert" },
  { variants: [{ layer_norm_eps: 1e-4 }], refused: [{ is_decoder: true }] },
);

/** The tests that testArch registers. */
function testsOf(arch: ModelArch): ReadonlyMap<string, () => Promise<void>> {
  const bodies = new Map<string, () => Promise<void>>();
  testArch({ test: (name, body) => bodies.set(name, body), arch, models: [model], forward });
  return bodies;
}

type Definition = Parameters<typeof transformerArch<BertConfig, EncoderWeights>>[0];

const right: Definition = {
  name: "classic-bert",
  readConfig,
  signature: ({ layers, heads, eps, activation }) => [String([layers, heads, eps, activation])],
  weights: planEncoder,
  forward: encode,
};

const defined = (wrong: Partial<Definition>): ModelArch => transformerArch({ ...right, ...wrong });

/** Records the pass with some ops replaced. */
function withOps(replace: (ops: Ops) => Partial<Ops>): ModelArch {
  const forward: Definition["forward"] = (ops, pass) => encode(replaced(ops, replace(ops)), pass);
  return defined({ forward });
}

function replaced<T extends object>(whole: T, changes: Partial<T>): T {
  return new Proxy(whole, {
    get(target, key) {
      const value: unknown = Reflect.get(key in changes ? changes : target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Changes what the right architecture loads. */
function wrapped(
  change: (loaded: LoadedModel, driver: Driver, options: ArchOptions) => Partial<LoadedModel>,
): ModelArch {
  return {
    ...classicBert,
    async load(driver, source, options) {
      const loaded = await classicBert.load(driver, source, options);
      return replaced(loaded, change(loaded, driver, options));
    },
  };
}

const anyLoad = (load: ModelArch["load"]): ModelArch => ({ ...classicBert, load });

const spare = weightView("spare", [1], new Float32Array(1));

/** The checkpoint, in which a missing tensor is replaced by zeros. */
function forgiving(source: ModelSource): ModelSource {
  const { weights } = source;
  const get = (name: string) => {
    if (weights.has(name) || !name.endsWith(".bias")) return weights.get(name);
    const size = name.includes("intermediate") ? 20 : 12;
    return weightView(name, [size], new Float32Array(size));
  };
  return { ...source, weights: { ...weights, get } };
}

const exact = "bert: agrees with f64, f32 weights";

const mutants: readonly (readonly [mistake: string, caughtBy: string, arch: ModelArch])[] = [
  [
    "layer norm with another eps",
    exact,
    defined({
      forward: (ops, pass) => encode(ops, { ...pass, config: { ...pass.config, eps: 2e-5 } }),
    }),
  ],
  [
    "the config's eps ignored",
    'bert: the config with {"layer_norm_eps":0.0001} agrees with f64, and differs from the model',
    defined({ readConfig: (json) => ({ ...readConfig(json), eps: 1e-5 }) }),
  ],
  [
    "attention across texts",
    "bert on template: one text alone gives the same bits as in a batch",
    defined({
      forward: (ops, pass) =>
        encode(ops, { ...pass, layout: ops.layout(Int32Array.of(pass.batch.totalTokens)) }),
    }),
  ],
  [
    "positions off by one",
    exact,
    defined({
      forward: (ops, pass) =>
        encode(ops, {
          ...pass,
          batch: {
            ...pass.batch,
            positionIds: pass.batch.positionIds.map((position) => Math.min(position + 1, 19)),
          },
        }),
    }),
  ],
  [
    "positions counted through the batch",
    "bert on template: order does not matter",
    defined({
      forward: (ops, pass) =>
        encode(ops, {
          ...pass,
          batch: { ...pass.batch, positionIds: pass.batch.positionIds.map((_, i) => i % 20) },
        }),
    }),
  ],
  [
    "GELU by tanh for GELU by erf",
    exact,
    withOps((ops) => ({
      linear: (args) => ops.linear(args.activation ? { ...args, activation: "tanh" } : args),
    })),
  ],
  [
    "a bias left out",
    exact,
    withOps((ops) => ({ linear: (args) => ops.linear({ ...args, bias: undefined }) })),
  ],
  [
    "queries and keys exchanged",
    exact,
    defined({
      weights(checkpoint, config) {
        const { family } = config;
        const layer = (i: number) => {
          const names = family.names.layer(i);
          return { ...names, query: names.key, key: names.query };
        };
        const exchanged = { ...family, names: { ...family.names, layer } };
        return planEncoder(checkpoint, { ...config, family: exchanged });
      },
    }),
  ],
  [
    "scores without their scale",
    exact,
    withOps((ops) => ({ attention: (args) => ops.attention({ ...args, scale: 1 }) })),
  ],
  [
    "token types ignored",
    exact,
    defined({
      forward: (ops, pass) =>
        encode(ops, {
          ...pass,
          batch: { ...pass.batch, tokenTypeIds: new Int32Array(pass.batch.totalTokens) },
        }),
    }),
  ],
  [
    "one layer too few",
    exact,
    defined({
      forward: (ops, pass) =>
        encode(ops, {
          ...pass,
          weights: { ...pass.weights, layers: pass.weights.layers.slice(0, -1) },
        }),
    }),
  ],
  [
    "pooling that the app chose ignored",
    "bert: option pooling cls",
    anyLoad((driver, source, { pooling: _, ...options }) =>
      classicBert.load(driver, source, options),
    ),
  ],
  [
    "normalisation that the app asked for ignored",
    "bert: vectors have length 1 if the app asks for it",
    anyLoad((driver, source, { normalize: _, ...options }) =>
      classicBert.load(driver, source, options),
    ),
  ],
  [
    "a signature without pooling",
    "bert: the signature names pooling and normalisation, and is the same for the same model",
    wrapped(() => ({ signature: "classic-bert" })),
  ],
  [
    "weights in another dtype than they are said to be",
    "bert: agrees with f64, bf16 weights",
    anyLoad(async (driver, source, options) => {
      const loaded = await classicBert.load(driver, source, { ...options, dtype: "f32" });
      return replaced(loaded, { weightDtype: options.dtype });
    }),
  ],
  [
    "the dtype of activations ignored",
    "bert on template: agrees with f64, f16 activations",
    anyLoad((driver, source, options) =>
      classicBert.load(driver, source, { ...options, activations: "f32" }),
    ),
  ],
  [
    "one token more than there are positions",
    "bert: limits are those of the model",
    wrapped((loaded) => ({ maxTokens: loaded.maxTokens + 1 })),
  ],
  [
    "an id more than the vocabulary has",
    "bert: a text beyond the limits is refused before any compute",
    wrapped((loaded) => ({ vocabSize: loaded.vocabSize + 1 })),
  ],
  [
    "a weight created by every pass",
    "bert: weights are created by load and by no pass, and all is freed at close",
    wrapped((loaded, driver) => ({
      forward(ops, batch) {
        driver.createTensor(spare, "vector");
        return loaded.forward(ops, batch);
      },
    })),
  ],
  [
    "a clone of the driver left open",
    "bert: weights are created by load and by no pass, and all is freed at close",
    wrapped((loaded, driver) => {
      driver.clone();
      return { dim: loaded.dim };
    }),
  ],
  [
    "a weight left behind by a load that fails",
    "bert: a missing tensor is named",
    anyLoad((driver, source, options) => {
      driver.createTensor(spare, "vector");
      return classicBert.load(driver, source, options);
    }),
  ],
  [
    "a missing bias taken for zeros",
    "bert: a missing tensor is named",
    anyLoad((driver, source, options) => classicBert.load(driver, forgiving(source), options)),
  ],
  [
    "a check that accepts more than load",
    'bert: the config with {"is_decoder":true} is refused by name',
    { ...classicBert, check() {} },
  ],
  [
    "a check that accepts less than load",
    "bert: the model is accepted by check and by load",
    {
      ...classicBert,
      check() {
        throw new RangeError("no");
      },
    },
  ],
  [
    "numbers of the config taken as they are",
    "bert: hostile numbers in the config are refused in words",
    defined({
      readConfig: (json) =>
        readConfig(replaced(json, { positive: (key) => Number(json.get(key)) })),
    }),
  ],
];

test.each(mutants)("%s: caught by %s", async (_, caughtBy, arch) => {
  const body = testsOf(arch).get(caughtBy);
  await expect(body?.()).rejects.toMatchObject({ name: "ConformanceError" });
  await testsOf(classicBert).get(caughtBy)?.();
});

test("the mutants' base is right", async () => {
  for (const [name, body] of testsOf(defined({})))
    await expect(body(), name).resolves.toBe(undefined);
});
