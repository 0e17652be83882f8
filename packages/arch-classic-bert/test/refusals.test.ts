import type { ArchOptions, ModelSource } from "@ripvec/core";
import type { JsonObject, ModelModule, WeightView } from "@ripvec/core/arch";
import { describe, expect, it } from "vitest";
import { classicBert } from "../src/index.js";
import { weightSource } from "./support/checkpoint.js";
import { nullDriver } from "./support/null-driver.js";
import {
  denseModule,
  normalizeModule,
  poolingModule,
  type TinySpec,
  tinyModel,
  transformerModule,
} from "./support/tiny-model.js";

/** The error of a load that must fail before it creates a single weight: that of `check`, if it throws. */
async function refusal(source: ModelSource, options: ArchOptions = {}): Promise<unknown> {
  const early = checked(source, options);
  const { driver, log } = nullDriver();
  const error = await classicBert.load(driver, source, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(log.weights).toBe(0);
  if (early !== undefined) expect(error).toEqual(early);
  return error;
}

/** A refusal that needs no weights. */
async function earlyRefusal(source: ModelSource, options: ArchOptions = {}): Promise<unknown> {
  expect(checked(source, options)).toBeDefined();
  return refusal(source, options);
}

/** What `check` throws for the model without its weights. */
function checked({ modules, ...source }: ModelSource, options: ArchOptions = {}): unknown {
  const { id, config, sentenceConfig } = source;
  const described = modules?.map(({ type, path, config }) => ({ type, path, config }));
  try {
    classicBert.check?.({ id, config, sentenceConfig, modules: described }, options);
    return undefined;
  } catch (error) {
    return error;
  }
}

const unsupported = (what: string, value: unknown) => ({
  code: "UNSUPPORTED",
  what: expect.stringContaining(what),
  value,
});
const badFile = (message: string) => ({
  code: "MODEL_FILE",
  message: expect.stringContaining(message),
});

const configured = (config: JsonObject, spec: TinySpec = { family: "bert" }): ModelSource =>
  tinyModel({ ...spec, config }).source;

describe("config.json", () => {
  const refused: readonly (readonly [JsonObject, string, unknown])[] = [
    [{ model_type: "mpnet" }, "relative position", "mpnet"],
    [{ model_type: "nomic_bert" }, "rotary", "nomic_bert"],
    [{ model_type: "new" }, "rotary", "new"],
    [{ model_type: "modernbert" }, "rotary positions", "modernbert"],
    [{ model_type: "t5" }, "model_type", "t5"],
    [{ position_embedding_type: "relative_key" }, "position_embedding_type", "relative_key"],
    [{ position_embedding_type: "alibi" }, "position_embedding_type", "alibi"],
    [{ model_type: "xmod" }, "adapters", "xmod"],
    [{ hidden_act: "gelu_10" }, "hidden_act", "gelu_10"],
    [{ hidden_act: "quick_gelu" }, "hidden_act", "quick_gelu"],
    [{ is_decoder: true }, "is_decoder", true],
    [{ add_cross_attention: true }, "add_cross_attention", true],
    [{ auto_map: { AutoModel: "own.Model" } }, "auto_map.AutoModel", "own.Model"],
  ];
  it.each(refused)("%o is refused by name", async (config, what, value) => {
    expect(await earlyRefusal(configured(config))).toMatchObject(unsupported(what, value));
  });

  it("names the activation of DistilBERT", async () => {
    const source = configured({ activation: "mish" }, { family: "distilbert" });
    expect(await earlyRefusal(source)).toMatchObject(unsupported("activation", "mish"));
  });

  const bad: readonly (readonly [JsonObject, string])[] = [
    [{ model_type: undefined }, "tiny/config.json: model_type must be a string, got nothing"],
    [{ hidden_size: undefined }, "hidden_size must be a positive whole number, got nothing"],
    [{ hidden_size: "12" }, 'hidden_size must be a positive whole number, got "12"'],
    [{ num_attention_heads: 5 }, "hidden_size must be a multiple of num_attention_heads 5"],
    [{ num_attention_heads: 0 }, "num_attention_heads must be"],
    [{ num_hidden_layers: 1.5 }, "num_hidden_layers must be"],
    [{ num_hidden_layers: 2 ** 31 }, "num_hidden_layers must be at most 2147483647"],
    [{ num_hidden_layers: 2 ** 32 }, "num_hidden_layers must be at most 2147483647"],
    [{ intermediate_size: 2 ** 40 }, "intermediate_size must be at most 2147483647"],
    [{ layer_norm_eps: 0 }, "layer_norm_eps must be a positive number"],
    [{ layer_norm_eps: 1e39 }, "layer_norm_eps must be a positive number that f32 can hold"],
    [{ layer_norm_eps: 1e-46 }, "layer_norm_eps must be a positive number that f32 can hold"],
    [{ is_decoder: "no" }, "is_decoder must be true or false"],
    [{ type_vocab_size: -1 }, "type_vocab_size must be"],
  ];
  it.each(bad)("%o is a bad file", async (config, message) => {
    expect(await earlyRefusal(configured(config))).toMatchObject(badFile(message));
  });

  it("needs positions behind the padding row", async () => {
    const roberta: TinySpec = { family: "roberta", tokenTypes: 1 };
    const few = configured({ max_position_embeddings: 2 }, roberta);
    expect(await earlyRefusal(few)).toMatchObject(badFile("max_position_embeddings"));
    const negative = configured({ pad_token_id: -1 }, roberta);
    expect(await earlyRefusal(negative)).toMatchObject(badFile("pad_token_id"));
  });

  const sentence: readonly (readonly [JsonObject, string, unknown])[] = [
    [{ transformer_task: "fill-mask" }, "transformer_task", "fill-mask"],
    [{ module_output_name: "sentence_embedding" }, "module_output_name", "sentence_embedding"],
    [
      { modality_config: { text: { method: "forward", method_output_name: "pooler_output" } } },
      "method_output_name",
      "pooler_output",
    ],
    [{ config_args: { hidden_act: "relu" } }, "config_args", "hidden_act"],
    [{ processing_kwargs: { text: { max_length: 6 } } }, "processing_kwargs.text.max_length", 6],
    [
      { processing_kwargs: { common: { add_special_tokens: false } } },
      "processing_kwargs.common.add_special_tokens",
      false,
    ],
    [
      { model_kwargs: { dtype: "float16", quantization_config: {} } },
      "model_kwargs",
      "quantization_config",
    ],
  ];
  it.each(sentence)(
    "%o of the Transformer module is refused by name",
    async (sentenceConfig, what, value) => {
      const source = { ...tinyModel({ family: "bert" }).source, sentenceConfig };
      expect(await earlyRefusal(source)).toMatchObject(unsupported(what, value));
    },
  );

  it("ERNIE with task types must have their table", async () => {
    const source = configured({ model_type: "ernie", use_task_id: true });
    expect(await refusal(source)).toMatchObject({
      code: "MODEL_FILE",
      tensor: "embeddings.task_type_embeddings.weight",
    });
  });

  it("sentence_bert_config.json must hold a length", async () => {
    const source = {
      ...tinyModel({ family: "bert" }).source,
      sentenceConfig: { max_seq_length: 0 },
    };
    expect(await earlyRefusal(source)).toMatchObject(badFile("sentence_bert_config.json"));
  });
});

describe("checkpoint", () => {
  const last = "encoder.layer.1.output.LayerNorm.bias";

  it("missing tensors are named", async () => {
    for (const spec of [{ family: "bert" }, { family: "electra", embeddingSize: 8 }] as const) {
      const { source, tensors } = tinyModel(spec);
      for (const name of [...tensors.keys()]) {
        const without = new Map(tensors);
        without.delete(name);
        const error = await refusal({ ...source, weights: weightSource(without) });
        expect(error).toMatchObject({ code: "MODEL_FILE", tensor: name });
      }
    }
  });

  const changed = async (change: (view: WeightView) => WeightView) => {
    const { source, tensors } = tinyModel({ family: "bert" });
    const weights = weightSource(tensors, (view) => (view.name === last ? change(view) : view));
    return refusal({ ...source, weights });
  };

  it("wrong dtypes are named", async () => {
    const error = await changed((view) => ({ ...view, dtype: "i8" }));
    expect(error).toMatchObject({ tensor: last, ...badFile("expected dtype f32, f16, bf16") });
  });

  it("wrong shapes are named", async () => {
    const error = await changed((view) => ({ ...view, shape: [1, 12] }));
    expect(error).toMatchObject({ tensor: last, ...badFile("expected shape [12], got [1, 12]") });
  });

  it("query, key and value must agree in dtype", async () => {
    const { source, tensors } = tinyModel({ family: "bert" });
    const name = "encoder.layer.1.attention.self.key.weight";
    const weights = weightSource(tensors, (view) =>
      view.name === name ? { ...view, dtype: "f16", byteLength: view.byteLength / 2 } : view,
    );
    expect(await refusal({ ...source, weights })).toMatchObject({
      tensor: name,
      ...badFile("expected dtype f32"),
    });
  });
});

describe("modules", () => {
  const withModules = (...modules: ModelModule[]): ModelSource => ({
    ...tinyModel({ family: "bert" }).source,
    modules,
  });
  const pooled = (config: string | JsonObject) =>
    withModules(transformerModule, poolingModule(config));
  const other = (type: string): ModelModule => ({ type, path: "4_Other", config: {} });

  const poolings: readonly (readonly [string | JsonObject, string, unknown])[] = [
    [
      { pooling_mode_new_kind: true, pooling_mode_mean_tokens: false },
      "pooling",
      "pooling_mode_new_kind",
    ],
    [{ pooling_mode: "attention" }, "pooling", "attention"],
    [{ pooling_mode: ["cls", "median"] }, "pooling", "median"],
  ];
  it.each(poolings)("pooling %o is refused by name", async (config, what, value) => {
    expect(await earlyRefusal(pooled(config))).toMatchObject(unsupported(what, value));
  });

  it("pooling of another width, or without one, is a bad file", async () => {
    const old = { embedding_dimension: undefined, word_embedding_dimension: 24 };
    expect(await earlyRefusal(pooled(old))).toMatchObject(badFile("word_embedding_dimension"));
    const wide = { pooling_mode: "mean", embedding_dimension: 24 };
    expect(await earlyRefusal(pooled(wide))).toMatchObject(badFile("embedding_dimension"));
    const missing = { ...poolingModule("mean"), config: {} };
    const source = withModules(transformerModule, missing);
    expect(await earlyRefusal(source)).toMatchObject(
      badFile("1_Pooling/config.json: embedding_dimension must be 12"),
    );
  });

  it("an unknown option is refused by name", async () => {
    const options = { pooling: "median" } as unknown as ArchOptions;
    const error = await earlyRefusal(tinyModel({ family: "bert" }).source, options);
    expect(error).toMatchObject(unsupported("pooling", "median"));
  });

  it.each([
    ["sentence_transformers.models.LSTM", "recurrent network"],
    ["sentence_transformers.sentence_transformer.modules.cnn.CNN", "convolution"],
    ["sentence_transformers.models.BoW", "counts words"],
    ["sentence_transformers.models.WordWeights", "weights tokens"],
    ["sentence_transformers.models.WeightedLayerPooling", "all layers"],
    ["sentence_transformers.base.modules.router.Router", "routes texts"],
    ["sentence_transformers.models.CLIPModel", "images"],
    ["sentence_transformers.models.MyPooling", "module in modules.json"],
    ["elsewhere.models.Pooling", "module in modules.json"],
  ])("%s is refused by name", async (type, why) => {
    const source = withModules(transformerModule, poolingModule("cls"), other(type));
    expect(await earlyRefusal(source)).toMatchObject(unsupported(why, type));
  });

  it("a static table of vectors is refused for what it is, whatever its config.json", async () => {
    const type = "sentence_transformers.models.StaticEmbedding";
    for (const config of [{}, { model_type: "model2vec" }]) {
      const source = { ...withModules(other(type), normalizeModule), config };
      expect(await earlyRefusal(source)).toMatchObject(unsupported("no encoder", type));
    }
  });

  const { module: dense } = denseModule(12, 5);
  const orders: readonly (readonly ModelModule[])[] = [
    [],
    [transformerModule],
    [poolingModule("cls")],
    [poolingModule("cls"), transformerModule],
    [transformerModule, dense],
    [transformerModule, transformerModule, poolingModule("cls")],
    [transformerModule, poolingModule("cls"), poolingModule("mean")],
  ];
  it.each(orders.map((order) => [order.map(({ type }) => type.split(".").at(-1)), order] as const))(
    "the order %o is refused",
    async (kinds, order) => {
      const error = await earlyRefusal(withModules(...order));
      expect(error).toMatchObject(unsupported("order of modules", kinds.join(", ")));
    },
  );

  const densely = (config: JsonObject, change: (dense: ModelModule) => ModelModule = (m) => m) =>
    refusal(
      withModules(
        transformerModule,
        poolingModule("cls"),
        change(denseModule(12, 5, config).module),
      ),
    );

  it("Dense with another activation or input is refused by name", async () => {
    const mish = "torch.nn.modules.activation.Mish";
    const own = "transformers.activations.NewGELUActivation";
    for (const name of [mish, own, "torch.nn.functional.relu"]) {
      expect(await densely({ activation_function: name })).toMatchObject(
        unsupported("activation_function", name),
      );
    }
    expect(await densely({ module_input_name: "cls_token_embeddings" })).toMatchObject(
      unsupported("module_input_name of Dense", "cls_token_embeddings"),
    );
    expect(await densely({ module_output_name: "token_embeddings" })).toMatchObject(
      unsupported("module_output_name of Dense", "token_embeddings"),
    );
  });

  it("what works on text vectors is refused before Pooling", async () => {
    for (const module of [denseModule(12, 12).module, normalizeModule]) {
      const source = withModules(transformerModule, module, poolingModule("cls"));
      expect(await refusal(source)).toMatchObject(
        unsupported("before Pooling", "sentence_embedding"),
      );
    }
  });

  it("Dense that does not fit is a bad file", async () => {
    expect(await densely({ activation_function: null })).toMatchObject(
      badFile("activation_function must be a class, got null"),
    );
    expect(await densely({ use_residual: true })).toMatchObject({
      code: "MODEL_FILE",
      tensor: "residual.weight",
    });
    expect(await densely({ in_features: 13 })).toMatchObject(badFile("in_features must be 12"));
    expect(await densely({ out_features: 6 })).toMatchObject(badFile("expected shape [6, 12]"));
    expect(await densely({}, (module) => ({ ...module, weights: undefined }))).toMatchObject(
      badFile("tiny/2_Dense: the module has no weights"),
    );
    const empty = (module: ModelModule) => ({ ...module, weights: weightSource(new Map()) });
    expect(await densely({}, empty)).toMatchObject({ tensor: "linear.weight" });
  });
});
