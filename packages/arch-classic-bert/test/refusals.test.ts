import type { ModelSource } from "@ripvec/core";
import type { JsonObject, WeightView } from "@ripvec/core/arch";
import { describe, expect, it } from "vitest";
import { weightSource } from "../../arch-kit/test/support/checkpoint.js";
import { badFile, refusalsOf, unsupported } from "../../arch-kit/test/support/refusals.js";
import { classicBert } from "../src/index.js";
import { type TinySpec, tinyModel } from "./support/tiny-model.js";

const { refusal, earlyRefusal } = refusalsOf(classicBert);

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

  it("needs positions after the row of padding", async () => {
    const roberta: TinySpec = { family: "roberta", tokenTypes: 1 };
    const few = configured({ max_position_embeddings: 2 }, roberta);
    expect(await earlyRefusal(few)).toMatchObject(badFile("max_position_embeddings"));
    const negative = configured({ pad_token_id: -1 }, roberta);
    expect(await earlyRefusal(negative)).toMatchObject(badFile("pad_token_id"));
  });

  it("ERNIE with task types must have their table", async () => {
    const source = configured({ model_type: "ernie", use_task_id: true });
    expect(await refusal(source)).toMatchObject({
      code: "MODEL_FILE",
      tensor: "embeddings.task_type_embeddings.weight",
    });
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
