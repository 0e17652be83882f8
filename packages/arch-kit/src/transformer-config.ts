import { UnsupportedError } from "@ripvec/core";
import type { JsonObject, ModelDescription } from "@ripvec/core/arch";
import { JsonFields } from "./json-fields.js";

/** What sentence-transformers takes from the encoder; anything else would be another vector. */
const expected: ReadonlyMap<string, string> = new Map([
  ["transformer_task", "feature-extraction"],
  ["module_output_name", "token_embeddings"],
]);

/** Arguments for transformers that change how a model is loaded and not what it computes in f32. */
const harmless: ReadonlySet<string> = new Set([
  "add_pooling_layer",
  "attn_implementation",
  "dtype",
  "revision",
  "torch_dtype",
  "trust_remote_code",
]);

/** Arguments for the tokenizer, in `processing_kwargs`, under which its tokens stay what they are. */
const harmlessProcessing: Readonly<Record<string, readonly unknown[]>> = {
  add_special_tokens: [true],
  padding: [true, "longest"],
  return_tensors: ["pt"],
  truncation: [true],
};

/** The settings of the Transformer module. A text has at most as many tokens as the model has `positions`. */
export function readMaxTokens(model: ModelDescription, positions: number): number {
  const config = model.sentenceConfig ?? {};
  const json = new JsonFields(`${model.id}/sentence_bert_config.json`, config);
  for (const [key, value] of expected) expectText(json, key, value);
  readTextOutput(model, config);
  for (const key of ["model_args", "model_kwargs", "config_args", "config_kwargs"]) {
    refuseArguments(json, key);
  }
  refuseProcessing(json);
  return Math.min(positions, json.count("max_seq_length", positions));
}

/** `processing_kwargs`: arguments by modality; `chat_template` serves other modalities than plain text. */
function refuseProcessing(json: JsonFields): void {
  for (const [modality, given] of Object.entries(json.object("processing_kwargs"))) {
    if (!["text", "common"].includes(modality)) continue;
    for (const [name, value] of Object.entries((given ?? {}) as JsonObject)) {
      const known = Object.hasOwn(harmlessProcessing, name) ? harmlessProcessing[name] : undefined;
      if (known?.includes(value)) continue;
      throw new UnsupportedError({
        what: `processing_kwargs.${modality}.${name} of sentence_bert_config.json`,
        value,
        supported: (known ?? []).map(String),
      });
    }
  }
}

/** `modality_config` names the method and the output that token vectors come from. */
function readTextOutput(
  { id }: ModelDescription,
  { modality_config: modalities }: JsonObject,
): void {
  const text = (modalities as { readonly text?: JsonObject } | null | undefined)?.text;
  if (!text) return;
  const json = new JsonFields(`${id}/sentence_bert_config.json, modality_config.text`, text);
  expectText(json, "method", "forward");
  expectText(json, "method_output_name", "last_hidden_state");
}

function expectText(json: JsonFields, key: string, value: string): void {
  const actual = json.text(key, value);
  if (actual !== value)
    throw new UnsupportedError({ what: key, value: actual, supported: [value] });
}

function refuseArguments(json: JsonFields, key: string): void {
  const other = Object.keys(json.object(key)).find((name) => !harmless.has(name));
  if (other === undefined) return;
  throw new UnsupportedError({
    what: `${key} of sentence_bert_config.json`,
    value: other,
    supported: [...harmless],
  });
}
