import type { SequenceLayout } from "../layout.js";
import type { Ops } from "../ops.js";
import type { Tensor } from "../tensor.js";

/** What determines the weight of a key for a query, in addition to its score. */
interface Places {
  readonly scale: number;
  readonly window?: number | undefined;
  /** [heads, 2·reach + 1]. */
  readonly positionBias?: Tensor<"f32"> | undefined;
  readonly causal?: boolean | undefined;
}

/**
 * The softmax of `attention` over scores [batch, heads, maxSeqLen, maxSeqLen], in place, where the bias differs from query
 * to query: scale_mask_softmax with one mask a query, looked up in the biases and a −Infinity after them.
 */
export function softmaxByPlace(
  ops: Ops,
  {
    scores,
    layout,
    ...places
  }: Places & { readonly scores: Tensor; readonly layout: SequenceLayout },
): void {
  const [, heads = 0, length = 0] = scores.shape;
  const { scale, positionBias = ops.allocZeroed("f32", [heads, 1]) } = places;
  const columns = positionBias.shape[1] ?? 0;
  const table = ops.alloc("f32", [heads * columns + 1, 1]);
  ops.copy({ x: positionBias, out: ops.slice(table, 0, positionBias.shape) });
  ops.copy({
    x: ops.input(Float32Array.of(Number.NEGATIVE_INFINITY), [1]),
    out: ops.slice(table, heads * columns, [1]),
  });
  layout.seqLens.forEach((tokens, b) => {
    ops.scope(() => {
      const rows = rowsOfBias({ heads, columns, length, tokens, ...places });
      const biases = ops.alloc("f32", [rows.length, 1]);
      ops.embedding_lookup({ table, ids: ops.input(rows, [rows.length]), out: biases });
      const mask = ops.reshape(biases, [heads * length, length]);
      const x = ops.slice(scores, b * rows.length, [heads * length, 1, 1, length]);
      ops.scale_mask_softmax({ x, mask, scale, out: x });
    });
  });
}

interface Square extends Omit<Places, "scale" | "positionBias"> {
  readonly heads: number;
  readonly columns: number;
  /** Queries and keys, padding included. */
  readonly length: number;
  /** Those of the sequence. */
  readonly tokens: number;
}

/** [heads, length, length]: the table's row for each query and key, its last row where the key is hidden. */
function rowsOfBias({ heads, columns, length, tokens, window, causal }: Square): Int32Array {
  const reach = (columns - 1) / 2;
  const before = window === undefined ? length : window / 2;
  const after = causal ? 0 : before;
  const rows = new Int32Array(heads * length * length).fill(heads * columns);
  for (let head = 0; head < heads; head++) {
    const middle = head * columns + reach;
    for (let query = 0; query < tokens; query++) {
      const row = (head * length + query) * length;
      const end = Math.min(tokens, query + after + 1);
      for (let key = Math.max(0, query - before); key < end; key++) {
        rows[row + key] = middle + Math.max(-reach, Math.min(reach, key - query));
      }
    }
  }
  return rows;
}
