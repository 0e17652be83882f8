import { UnsupportedError } from "@ripvec/core";
import type { ModelDescription } from "@ripvec/core/arch";
import { JsonFields } from "./json-fields.js";

/** Arguments for transformers that change how a model is loaded, and not what it computes in f32. */
const harmless: ReadonlySet<string> = new Set([
  "add_pooling_layer",
  "attn_implementation",
  "dtype",
  "revision",
  "torch_dtype",
  "trust_remote_code",
]);

/** Arguments for the tokenizer in `processing_kwargs`, with the values that do not change its tokens. */
const harmlessProcessing: Readonly<Record<string, readonly unknown[]>> = {
  add_special_tokens: [true],
  padding: [true, "longest"],
  return_tensors: ["pt"],
  truncation: [true],
};

/**
 * Reads the settings of the Transformer module in sentence_bert_config.json. Returns the largest number of tokens in one
 * text: `max_seq_length`, but never more than the model has `positions`. Throws UnsupportedError for a setting under which
 * sentence-transformers would compute another vector.
 */
export function readMaxTokens(model: ModelDescription, positions: number): number {
  const json = new JsonFields(`${model.id}/sentence_bert_config.json`, model.sentenceConfig ?? {});
  json.oneOf("transformer_task", ["feature-extraction"], "feature-extraction");
  json.oneOf("module_output_name", ["token_embeddings"], "token_embeddings");
  checkTextOutput(json.fields("modality_config"));
  for (const key of ["model_args", "model_kwargs", "config_args", "config_kwargs"]) {
    refuseArguments(json, key);
  }
  refuseProcessing(json);
  return Math.min(positions, json.count("max_seq_length", positions));
}

/** `processing_kwargs` has arguments for each modality. Those under other keys do not concern plain text. */
function refuseProcessing(json: JsonFields): void {
  const kwargs = json.fields("processing_kwargs");
  for (const modality of ["text", "common"]) {
    for (const [name, value] of Object.entries(kwargs.object(modality))) {
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
function checkTextOutput(modalities: JsonFields): void {
  const text = modalities.fields("text");
  text.oneOf("method", ["forward"], "forward");
  text.oneOf("method_output_name", ["last_hidden_state"], "last_hidden_state");
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
