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
 * to query: scale_mask_softmax with one mask a query, looked up in a table of each head. An input is kept until the pass
 * ends, so sequences of one length share their row ids, and all heads do. Scores of an empty sequence are left as they are,
 * since it has no row in the output.
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
  const tables = tablesOf(ops, positionBias, heads, columns);
  const square = length * length;
  for (const tokens of new Set(layout.seqLens)) {
    if (tokens === 0) continue;
    ops.scope(() => {
      const ids = ops.input(rowsOfBias({ columns, length, tokens, ...places }), [square]);
      const mask = ops.alloc("f32", [heads * length, length]);
      tables.forEach((table, head) => {
        const out = ops.slice(mask, head * square, [square, 1]);
        ops.embedding_lookup({ table, ids, out });
      });
      layout.seqLens.forEach((each, b) => {
        if (each !== tokens) return;
        const x = ops.slice(scores, b * heads * square, [heads * length, 1, 1, length]);
        ops.scale_mask_softmax({ x, mask, scale, out: x });
      });
    });
  }
}

/** For each head [columns + 1, 1]: its biases, and −Infinity after them. */
function tablesOf(
  ops: Ops,
  positionBias: Tensor<"f32">,
  heads: number,
  columns: number,
): Tensor<"f32">[] {
  // A weight has no slices, so it is copied first.
  const biases = ops.alloc("f32", [heads, columns]);
  ops.copy({ x: positionBias, out: biases });
  const rows = columns + 1;
  const hidden = new Float32Array(heads * rows).fill(Number.NEGATIVE_INFINITY);
  const all = ops.alloc("f32", [heads * rows, 1]);
  ops.copy({ x: ops.input(hidden, all.shape), out: all });
  return Array.from({ length: heads }, (_, head) => {
    const table = ops.slice(all, head * rows, [rows, 1]);
    const x = ops.slice(biases, head * columns, [columns]);
    ops.copy({ x, out: ops.slice(table, 0, [columns]) });
    return table;
  });
}

interface Square extends Omit<Places, "scale" | "positionBias"> {
  readonly columns: number;
  /** Queries and keys, padding included. */
  readonly length: number;
  /** Those of the sequence. */
  readonly tokens: number;
}

/** [length, length]: the row in a head's table for each query and key, the last row where the key is hidden. */
function rowsOfBias({ columns, length, tokens, window, causal }: Square): Int32Array {
  const reach = (columns - 1) / 2;
  const before = window === undefined ? length : window / 2;
  const after = causal ? 0 : before;
  const rows = new Int32Array(length * length).fill(columns);
  for (let query = 0; query < tokens; query++) {
    const row = query * length;
    const end = Math.min(tokens, query + after + 1);
    for (let key = Math.max(0, query - before); key < end; key++) {
      rows[row + key] = reach + Math.max(-reach, Math.min(reach, key - query));
    }
  }
  return rows;
}
