import { apply_rope } from "./apply_rope.js";
import { dot } from "./dot.js";
import { type HostArgs, type HostTensor, hostTensor, type Reference } from "./host-args.js";
import { softmax } from "./softmax.js";

/** Computes attention from its definition: for each sequence, head and query. */
export const attention: Reference<"attention"> = (args) => {
  const { layout, heads } = args;
  const source = rotated(args);
  for (let b = 0; b < layout.batch; b++) {
    const first = layout.hostCuSeqlens[b] as number;
    const length = layout.seqLens[b] as number;
    for (let h = 0; h < heads; h++) {
      for (let query = 0; query < length; query++) {
        attend({ ...args, source, first, length, query, head: h });
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
  readonly head: number;
}

function attend(args: Query): void {
  const { source, first, length, query, head, heads, headDim, scale, out } = args;
  const column = head * headDim;
  const width = 3 * heads * headDim;
  const at = (row: number, part: number) => (first + row) * width + part * heads * headDim + column;
  const scores = hostTensor([length]);
  const left = { data: source.data, start: at(query, 0), step: 1 };
  for (let key = 0; key < length; key++) {
    dot(scores, key, left, { data: source.data, start: at(key, 1), step: 1 }, headDim);
  }
  const visible = (key: number) => isVisible(args, key);
  const scaled = scores.data.map((score, key) => score * scale + biasOf(args, key));
  const sizes = scores.magnitude.map((size, key) => {
    return Math.abs(size * scale) + Math.abs(biasOf(args, key));
  });
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

function isVisible(args: Query, key: number): boolean {
  const { query, window, causal } = args;
  if (window !== undefined && Math.abs(query - key) > window / 2) return false;
  if (causal && key > query) return false;
  return biasOf(args, key) !== Number.NEGATIVE_INFINITY;
}

function biasOf({ positionBias, head, query }: Query, key: number): number {
  if (!positionBias) return 0;
  const columns = positionBias.shape[1] as number;
  const reach = (columns - 1) / 2;
  const distance = Math.max(-reach, Math.min(reach, key - query));
  return positionBias.data[head * columns + reach + distance] as number;
}
