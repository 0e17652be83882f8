import { type ArchModel, type ModelTensor, Random } from "@ripvec/driver-testkit";

const [vocabSize, hidden, inner, layers, maxTokens] = [29, 12, 10, 3, 20];

const config = {
  model_type: "my-arch",
  vocab_size: vocabSize,
  hidden_size: hidden,
  num_hidden_layers: layers,
  num_attention_heads: 2,
  intermediate_size: inner,
  max_position_embeddings: maxTokens,
  norm_eps: 1e-4,
  rope_theta: 100,
  local_attention: 4,
};

/** Random models that are small, with odd sizes. Their weights are large enough that every step matters. */
export const models: readonly ArchModel[] = [
  {
    name: "small",
    config,
    tensors: drawTensors(""),
    vocabSize,
    maxTokens,
    variants: [
      { norm_eps: 1e-3 },
      { rope_theta: 110 },
      { local_attention: 6 },
      { num_attention_heads: 3 },
      { num_hidden_layers: 2 },
    ],
    refused: [
      { model_type: "another" },
      { hidden_activation: "relu" },
      { hidden_size: 13 },
      { num_attention_heads: 12 },
      { local_attention: 5 },
      { max_position_embeddings: 2 ** 21 },
    ],
  },
  {
    name: "saved with a task head",
    config,
    tensors: drawTensors("model."),
    vocabSize,
    maxTokens: 9,
    sentenceConfig: { max_seq_length: 9 },
  },
];

function drawTensors(prefix: string): readonly ModelTensor[] {
  const draw = (name: string, shape: readonly number[], deviation: number, mean = 0) => {
    const size = shape.reduce((product, dim) => product * dim, 1);
    const values = new Random(name).normals(size, deviation, mean);
    return { name: `${prefix}${name}.weight`, shape, values };
  };
  const layer = (name: string) => [
    draw(`${name}.norm1`, [hidden], 0.1, 1),
    draw(`${name}.q`, [hidden, hidden], 0.5),
    draw(`${name}.k`, [hidden, hidden], 0.5),
    draw(`${name}.v`, [hidden, hidden], 0.3),
    draw(`${name}.o`, [hidden, hidden], 0.3),
    draw(`${name}.norm2`, [hidden], 0.1, 1),
    draw(`${name}.up`, [2 * inner, hidden], 0.3),
    draw(`${name}.down`, [hidden, inner], 0.3),
  ];
  return [
    draw("words", [vocabSize, hidden], 0.7),
    ...Array.from({ length: layers }, (_, i) => layer(`layers.${i}`)).flat(),
    draw("norm", [hidden], 0.1, 1),
  ];
}
