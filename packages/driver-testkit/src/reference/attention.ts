import { apply_rope } from "./apply_rope.js";
import { dot } from "./dot.js";
import { type HostArgs, type HostTensor, hostTensor, type Reference } from "./host-args.js";
import { softmax } from "./softmax.js";

/** Computes attention from its definition: for each sequence, head and query. */
export const attention: Reference<"attention"> = (args) => {
  const { layout, heads, headDim } = args;
  const source = rotated(args);
  for (let b = 0; b < layout.batch; b++) {
    const first = layout.hostCuSeqlens[b] as number;
    const length = layout.seqLens[b] as number;
    for (let h = 0; h < heads; h++) {
      for (let query = 0; query < length; query++) {
        attend({ ...args, source, first, length, query, column: h * headDim });
      }
    }
  }
};

function rotated(args: HostArgs<"attention">): HostTensor {
  const { qkv, ropeCos, ropeSin, positionIds, heads, headDim } = args;
  if (!ropeCos || !ropeSin || !positionIds) return qkv;
  const out = hostTensor(qkv.shape);
  const rope = { cos: ropeCos, sin: ropeSin, positionIds, heads: 2 * heads, headDim };
  apply_rope({ x: qkv, ...rope, out });
  return out;
}

interface Query extends HostArgs<"attention"> {
  readonly source: HostTensor;
  /** The first row of the sequence, and its number of rows. */
  readonly first: number;
  readonly length: number;
  readonly query: number;
  /** The first column of the head. */
  readonly column: number;
}

function attend(args: Query): void {
  const { source, first, length, query, column, heads, headDim, scale, window, out } = args;
  const width = 3 * heads * headDim;
  const at = (row: number, part: number) => (first + row) * width + part * heads * headDim + column;
  const scores = hostTensor([length]);
  const left = { data: source.data, start: at(query, 0), step: 1 };
  for (let key = 0; key < length; key++) {
    dot(scores, key, left, { data: source.data, start: at(key, 1), step: 1 }, headDim);
  }
  const visible = (key: number) => window === undefined || Math.abs(query - key) <= window / 2;
  const scaled = scores.data.map((score) => score * scale);
  const sizes = scores.magnitude.map((size) => Math.abs(size * scale));
  const { probabilities, magnitude } = softmax(scaled, visible, sizes);
  const target = (first + query) * heads * headDim + column;
  for (let d = 0; d < headDim; d++) {
    let sum = 0;
    let size = 0;
    for (let key = 0; key < length; key++) {
      if (!visible(key)) continue;
      const value = source.data[at(key, 2) + d] as number;
      sum += (probabilities[key] as number) * value;
      size += (magnitude[key] as number) * Math.abs(value);
    }
    out.data[target + d] = sum;
    out.magnitude[target + d] = size;
  }
}
