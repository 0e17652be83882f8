import type { ArchOptions, ModelSource } from "@ripvec/core";
import type { JsonObject, ModelModule } from "@ripvec/core/arch";
import { describe, expect, it } from "vitest";
import { weightSource } from "./support/checkpoint.js";
import {
  denseModule,
  normalizeModule,
  poolingModule,
  transformerModule,
} from "./support/modules.js";
import { badFile, refusalsOf, unsupported } from "./support/refusals.js";
import { toyArch, toyModel } from "./support/toy-model.js";

const { refusal, earlyRefusal } = refusalsOf(toyArch);

describe("sentence_bert_config.json", () => {
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
      const source = { ...toyModel().source, sentenceConfig };
      expect(await earlyRefusal(source)).toMatchObject(unsupported(what, value));
    },
  );

  it("sentence_bert_config.json must hold a length", async () => {
    const source = {
      ...toyModel().source,
      sentenceConfig: { max_seq_length: 0 },
    };
    expect(await earlyRefusal(source)).toMatchObject(badFile("sentence_bert_config.json"));
  });
});

describe("modules", () => {
  const withModules = (...modules: ModelModule[]): ModelSource => ({
    ...toyModel().source,
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
    const error = await earlyRefusal(toyModel().source, options);
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

  it("a static table of vectors is refused as such, whatever its config.json", async () => {
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

  it("a module over text vectors is refused before Pooling", async () => {
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
      badFile("toy/2_Dense: the module has no weights"),
    );
    const empty = (module: ModelModule) => ({ ...module, weights: weightSource(new Map()) });
    expect(await densely({}, empty)).toMatchObject({ tensor: "linear.weight" });
  });
});
