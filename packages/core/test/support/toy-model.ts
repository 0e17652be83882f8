import type {
  ArchOptions,
  Driver,
  Encoding,
  ModelArch,
  ModelSource,
  Tokenizer,
} from "@ripvec/core";
import type { Batch, LoadedModel, WeightSource } from "@ripvec/core/arch";
import { weightView } from "@ripvec/core/driver";

export const vocabSize = 100;
export const dim = 4;
export const maxTokens = 16;
/** Id of the toy's [SEP]. */
export const sep = 1;

/** Row of the table: distinct, exact in f32, never zero. */
const tableRow = (id: number): number[] => [id + 1, (id % 7) - 3, id % 2, -id / 4];

/** The vector the toy model must give, before normalisation. */
export function expectedVector(ids: readonly number[]): Float32Array {
  const sum = [0, 0, 0, 0];
  for (const id of ids)
    tableRow(id).forEach((value, c) => {
      sum[c] = (sum[c] ?? 0) + value;
    });
  return Float32Array.from(sum, (value) => value / ids.length);
}

const table = Float32Array.from(Array.from({ length: vocabSize }, (_, id) => tableRow(id)).flat());

function weights(hash: string): WeightSource {
  const view = weightView("table", [vocabSize, dim], table);
  return {
    path: "toy",
    names: ["table"],
    has: (name) => name === "table",
    get: () => view,
    hash: async () => hash,
  };
}

export const toyModel = (hash = "cafe"): ModelSource => ({
  id: "toy",
  config: {},
  weights: weights(hash),
});

/** Mean of table rows. */
export class ToyArch implements ModelArch {
  readonly name = "toy-arch";
  readonly changes: Partial<LoadedModel>;
  options: ArchOptions | undefined;

  constructor(changes: Partial<LoadedModel> = {}) {
    this.changes = changes;
  }

  async load(driver: Driver, model: ModelSource, options: ArchOptions): Promise<LoadedModel> {
    this.options = options;
    const rows = driver.createTensor(model.weights.get("table"), "table");
    return {
      dim,
      maxTokens,
      vocabSize,
      tokenTypes: 1,
      normalized: false,
      batchKind: "packed",
      signature: "toy/mean",
      weightDtype: options.dtype,
      activations: options.activations,
      forward(ops, batch: Batch) {
        const layout = ops.layout(batch.seqLens);
        const ids = ops.input(batch.inputIds, [batch.totalTokens]);
        const out = ops.alloc("f32", [batch.size, dim]);
        ops.scope(() => {
          const x = ops.alloc("f32", [batch.totalTokens, dim]);
          ops.embedding_lookup({ table: rows, ids, out: x });
          ops.mean_pool({ x, layout, out });
        });
        return out;
      },
      ...this.changes,
    };
  }
}

/** One token for each letter, between 0 and `sep`. */
export class ToyTokenizer implements Tokenizer {
  readonly suffixTokens = 1;
  encoded = 0;

  encode(text: string): Encoding {
    this.encoded++;
    return { inputIds: [0, ...idsOf(text), sep] };
  }

  encodeBatch(texts: readonly string[]): Encoding[] {
    return texts.map((text) => this.encode(text));
  }
}

export const idsOf = (text: string): number[] =>
  Array.from(text, (letter) => 2 + ((letter.codePointAt(0) ?? 0) % (vocabSize - 2)));
