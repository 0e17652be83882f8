import type { ActivationDType, Driver, ModelArch, WeightDType } from "@ripvec/core";
import { type PackedBatch, packBatch } from "@ripvec/core/arch";
import type { Ops, SequenceLayout, Tensor, TensorRole } from "@ripvec/core/driver";
import { encodeTensor, viewOfTensor } from "../model/safetensors.js";
import { Random } from "../numbers/random.js";

export interface Text {
  readonly ids: readonly number[];
  readonly types?: readonly number[];
  readonly mask?: readonly number[];
}

const hidden = 24;
const heads = 3;
const intermediate = 40;
const vocabulary = 50;
const positions = 80;
const eps = 1e-5;

/** An encoder of two layers, written directly in ops. It takes ids and gives unit vectors. */
export class TinyEncoder {
  readonly driver: Driver;
  readonly #activations: ActivationDType;
  readonly #weights: ReadonlyMap<string, Tensor>;

  private constructor(
    driver: Driver,
    activations: ActivationDType,
    weights: ReadonlyMap<string, Tensor>,
  ) {
    this.driver = driver;
    this.#activations = activations;
    this.#weights = weights;
  }

  /**
   * Creates the same weights on every driver. `activations` is the dtype of activations, `dtype` the one that matrices and
   * tables are kept in, and `stored` their dtype in the checkpoint.
   */
  static create(
    driver: Driver,
    activations: ActivationDType = "f32",
    dtype: WeightDType = "f32",
    stored: WeightDType = "f32",
  ): TinyEncoder {
    const random = new Random("tiny encoder");
    const weights = new Map<string, Tensor>();
    const add = (name: string, role: TensorRole, shape: number[], deviation: number, mean = 0) => {
      const size = shape.reduce((product, dim) => product * dim, 1);
      const values = random.normals(size, deviation, mean);
      const isVector = role === "vector";
      const view = viewOfTensor(encodeTensor(name, shape, values, isVector ? "f32" : stored));
      weights.set(name, driver.createTensor(view, role, isVector ? {} : { dtype }));
    };
    const norm = (name: string) => {
      add(`${name}.weight`, "vector", [hidden], 0.1, 1);
      add(`${name}.bias`, "vector", [hidden], 0.1);
    };
    const dense = (name: string, outputs: number, inputs: number, deviation: number) => {
      add(`${name}.weight`, "matrix", [outputs, inputs], deviation);
      add(`${name}.bias`, "vector", [outputs], 0.1);
    };
    add("words", "table", [vocabulary, hidden], 1);
    add("positions", "table", [positions, hidden], 0.7);
    add("types", "table", [2, hidden], 0.7);
    norm("embedding");
    for (const layer of [0, 1]) {
      dense(`${layer}.qkv`, 3 * hidden, hidden, 0.4);
      dense(`${layer}.context`, hidden, hidden, 0.2);
      norm(`${layer}.attention`);
      dense(`${layer}.up`, intermediate, hidden, 0.2);
      dense(`${layer}.down`, hidden, intermediate, 0.2);
      norm(`${layer}.output`);
    }
    return new TinyEncoder(driver, activations, weights);
  }

  /** An encoder with the same weights, on a clone of their driver. */
  on(clone: Driver): TinyEncoder {
    return new TinyEncoder(clone, this.#activations, this.#weights);
  }

  /** Computes one vector for each text, in one pass. */
  async embed(texts: readonly Text[]): Promise<Float32Array[]> {
    const batch = packBatch(
      texts.map(({ ids, types, mask }) => ({
        inputIds: ids,
        tokenTypeIds: types,
        attentionMask: mask,
      })),
      "packed",
    );
    const all = await this.driver.run((ops) => this.forward(ops, batch), { poison: true });
    return texts.map((_, i) => all.slice(i * hidden, (i + 1) * hidden));
  }

  /** [batch.size, hidden] f32 */
  forward(ops: Ops, batch: PackedBatch): Tensor<"f32"> {
    const layout = ops.layout(batch.seqLens);
    const x = this.#rows(ops, batch.totalTokens, hidden);
    this.#embedTokens(ops, batch, x);
    for (const layer of [0, 1]) {
      ops.scope(() => this.#attend(ops, x, layout, layer));
      ops.scope(() => this.#feedForward(ops, x, layer));
    }
    const pooled = this.#rows(ops, batch.size, hidden);
    ops.mean_pool({ x, layout, out: pooled });
    ops.l2_normalize({ x: pooled, out: pooled });
    const vectors = ops.alloc("f32", pooled.shape);
    ops.convert({ x: pooled, out: vectors });
    return vectors;
  }

  #attend(ops: Ops, x: Tensor, layout: SequenceLayout, layer: number): void {
    const tokens = layout.totalTokens;
    const headDim = hidden / heads;
    const qkv = this.#rows(ops, tokens, 3 * hidden);
    const context = this.#rows(ops, tokens, hidden);
    const projected = this.#rows(ops, tokens, hidden);
    ops.linear({ x, ...this.#dense(`${layer}.qkv`), out: qkv });
    ops.attention({ qkv, layout, heads, headDim, scale: 1 / Math.sqrt(headDim), out: context });
    ops.linear({ x: context, ...this.#dense(`${layer}.context`), out: projected });
    this.#addAndNorm(ops, projected, x, `${layer}.attention`);
  }

  #feedForward(ops: Ops, x: Tensor, layer: number): void {
    const tokens = x.shape[0] ?? 0;
    const wide = this.#rows(ops, tokens, intermediate);
    const narrow = this.#rows(ops, tokens, hidden);
    ops.linear({ x, ...this.#dense(`${layer}.up`), activation: "erf", out: wide });
    ops.linear({ x: wide, ...this.#dense(`${layer}.down`), out: narrow });
    this.#addAndNorm(ops, narrow, x, `${layer}.output`);
  }

  #rows(ops: Ops, rows: number, width: number): Tensor {
    return ops.alloc(this.#activations, [rows, width]);
  }

  #embedTokens(ops: Ops, batch: PackedBatch, x: Tensor): void {
    const ids = (values: Int32Array) => ops.input(values, [values.length]);
    const { inputIds, positionIds, tokenTypeIds } = batch;
    ops.embedding_lookup({ table: this.#weight("words"), ids: ids(inputIds), out: x });
    ops.add_embeddings({ x, table: this.#weight("positions"), ids: ids(positionIds), out: x });
    ops.add_embeddings({ x, table: this.#weight("types"), ids: ids(tokenTypeIds), out: x });
    ops.layer_norm({ x, ...this.#norm("embedding"), eps, out: x });
  }

  #addAndNorm(ops: Ops, x: Tensor, residual: Tensor, name: string): void {
    ops.fused_residual_layer_norm({ x, residual, ...this.#norm(name), eps, out: residual });
  }

  #dense(name: string): { weight: Tensor; bias: Tensor<"f32"> } {
    return { weight: this.#weight(`${name}.weight`), bias: this.#vector(`${name}.bias`) };
  }

  #norm(name: string): { weight: Tensor<"f32">; bias: Tensor<"f32"> } {
    return { weight: this.#vector(`${name}.weight`), bias: this.#vector(`${name}.bias`) };
  }

  #vector(name: string): Tensor<"f32"> {
    return this.#weight(name) as Tensor<"f32">;
  }

  #weight(name: string): Tensor {
    const weight = this.#weights.get(name);
    if (!weight) throw new Error(`the tiny encoder has no weight ${name}`);
    return weight;
  }
}

/** Random texts of the given lengths. The same seed gives the same texts. */
export function randomTexts(seed: string, lengths: readonly number[]): Text[] {
  const random = new Random(seed);
  return lengths.map((length) => ({
    ids: [...random.integers(length, vocabulary)],
    types: [...random.integers(length, 2)],
  }));
}

/** The encoder as an architecture, for suites that use a backend. */
export const tinyArch: ModelArch = {
  name: "tiny",
  async load(driver) {
    const encoder = TinyEncoder.create(driver);
    return {
      dim: hidden,
      maxTokens: positions,
      vocabSize: vocabulary,
      tokenTypes: 2,
      normalized: true,
      batchKind: "packed",
      signature: "tiny/mean/l2",
      forward(ops, batch) {
        if (batch.kind !== "packed") throw new TypeError("the tiny encoder takes packed batches");
        return encoder.forward(ops, batch);
      },
    };
  },
};
