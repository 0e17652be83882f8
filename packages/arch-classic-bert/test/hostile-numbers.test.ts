import { type ModelSource, RipvecError } from "@ripvec/core";
import type { JsonObject, WeightSource } from "@ripvec/core/arch";
import { expect, test } from "vitest";
import { poolingModule, transformerModule } from "../../arch-kit/test/support/modules.js";
import { nullDriver } from "../../arch-kit/test/support/null-driver.js";
import { classicBert } from "../src/index.js";
import { type TestFamily, tinyModel } from "./support/tiny-model.js";

const hostile: readonly unknown[] = [
  ...[-1, -0.5, 0, 0.5, 1e39, 1e308, -1e308, 5e-324],
  ...[2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 2, 2 ** 53, 2 ** 53 + 2, 2 ** 63],
  ...["12", "", true, false, [], [12], {}],
];

const families: readonly TestFamily[] = ["bert", "roberta", "electra", "distilbert"];

/** The keys of the numbers that determine how a model is computed, in all families. */
const keys = [
  ...["hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size"],
  ...["dim", "n_layers", "n_heads", "hidden_dim"],
  ...["vocab_size", "max_position_embeddings", "type_vocab_size", "embedding_size"],
  ...["pad_token_id", "layer_norm_eps"],
];

/** Counts the calls to a source of weights. A hostile config must not cause many of them. */
function counted(weights: WeightSource): { source: WeightSource; asked: () => number } {
  let asked = 0;
  const source = new Proxy(weights, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        asked++;
        return value.apply(target, args);
      };
    },
  });
  return { source, asked: () => asked };
}

async function load(source: ModelSource): Promise<unknown> {
  const { source: weights, asked } = counted(source.weights);
  const { driver } = nullDriver();
  try {
    await classicBert.load(driver, { ...source, weights }, {});
    return undefined;
  } catch (error) {
    return error;
  } finally {
    expect(asked()).toBeLessThan(300);
  }
}

/**
 * The values that are valid: any eps that is positive and finite in f32, and 0 as the id of
 * padding.
 */
function isAllowed(key: string, value: unknown): boolean {
  if (typeof value !== "number") return false;
  if (key === "layer_norm_eps") return Math.fround(value) > 0 && Math.fround(value) < Infinity;
  return key === "pad_token_id" && value === 0;
}

test.each(families)(
  "a hostile number in the config of %s is refused by its name",
  async (family) => {
    const { config } = tinyModel({ family });
    // In other families the id of padding has no effect.
    const used = keys.filter(
      (key) => key in config && (key !== "pad_token_id" || family === "roberta"),
    );
    expect(used.length).toBeGreaterThan(5);
    for (const key of used) {
      for (const value of hostile) {
        const error = await load(
          tinyModel({ family, config: { [key]: value } as JsonObject }).source,
        );
        if (error === undefined) {
          expect(isAllowed(key, value), `${key} ${JSON.stringify(value)} was taken`).toBe(true);
          continue;
        }
        expect(error, `${key} ${JSON.stringify(value)}`).toBeInstanceOf(RipvecError);
        expect((error as RipvecError).code).toBe("MODEL_FILE");
        expect((error as RipvecError).message.length).toBeLessThan(1000);
      }
    }
  },
);

test("a hostile number in the files of modules is refused too", async () => {
  const { source } = tinyModel({ family: "bert" });
  for (const value of hostile) {
    const pooling = poolingModule({ embedding_dimension: value, pooling_mode: "mean" });
    const broken: ModelSource[] = [
      { ...source, modules: [transformerModule, pooling] },
      { ...source, sentenceConfig: { max_seq_length: value } },
    ];
    for (const [i, model] of broken.entries()) {
      const error = await load(model);
      // A length beyond the model's positions is replaced by their number.
      if (i === 1 && error === undefined) expect(value).toBe(2 ** 31 - 1);
      else expect(error, JSON.stringify(value)).toMatchObject({ code: "MODEL_FILE" });
    }
  }
});
