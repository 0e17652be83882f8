/** Written by scripts/make.mjs. */
export const shipped: readonly {
  readonly path: string;
  readonly byteLength: number;
  readonly sha256: string;
}[] = [
  {
    "path": "1_Pooling/config.json",
    "byteLength": 190,
    "sha256": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23"
  },
  {
    "path": "config.json",
    "byteLength": 1111,
    "sha256": "ebfac65fe0a53bc3edb66be924b66d707cff7dfb2b83e9bb4ae4b4e0f311693b"
  },
  {
    "path": "config_sentence_transformers.json",
    "byteLength": 116,
    "sha256": "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3"
  },
  {
    "path": "model.safetensors",
    "byteLength": 23034872,
    "sha256": "13aef173ce9bc655fe5e3162bbea738e8e1a5b2724171a9e61bec3501439e9eb"
  },
  {
    "path": "modules.json",
    "byteLength": 349,
    "sha256": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf"
  },
  {
    "path": "sentence_bert_config.json",
    "byteLength": 53,
    "sha256": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"
  },
  {
    "path": "special_tokens_map.json",
    "byteLength": 112,
    "sha256": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"
  },
  {
    "path": "tokenizer.json",
    "byteLength": 466247,
    "sha256": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
  },
  {
    "path": "tokenizer_config.json",
    "byteLength": 350,
    "sha256": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b"
  }
];
