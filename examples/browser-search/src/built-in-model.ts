/**
 * The model of the command `ripvec`, which the page serves itself. It was never trained: it finds shared words.
 * A directory whose files are listed is asked for no other.
 */
export const builtInModel = {
  place: "./model/",
  name: "Built-in demo model",
  files: [
    "config.json",
    "model.safetensors",
    "modules.json",
    "1_Pooling/config.json",
    "sentence_bert_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
  ],
} as const;
