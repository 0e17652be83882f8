import type { SequenceLayout } from "@ripvec/core/driver";
import text from "../../ops/attention.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { leftOperand } from "../matmul.js";
import { activationType, grid } from "../preludes.js";
import { wgsl } from "../shader.js";
import { placeOf } from "../storage.js";
import { reachOf } from "../window.js";

const kernel = wgsl("attention", text);
/** The queries of one workgroup, and its columns of values. */
const queriesOfBlock = 32;
const columnsOfPart = 128;

export const attention: Launcher<"attention"> = (recorder, args) => {
  const { qkv, layout, heads, headDim, scale, window, causal, out } = args;
  const { ropeCos, ropeSin, positionIds, positionBias } = args;
  const count = countBlocks(layout);
  if (count === 0) return;
  const blocks = recorder.perLayout(layout, queriesOfBlock, () => queryBlocks(layout, count));
  const parts = Math.ceil(headDim / columnsOfPart);
  const groups = count * heads * parts;
  const before = reachOf(window);
  const after = causal ? 0 : before;
  const distances = positionBias?.shape[1] ?? 0;
  recorder.dispatch({
    kernel,
    preludes: [activationType(qkv.dtype), grid, leftOperand(placeOf(qkv), [headDim])],
    reads: {
      left: qkv,
      cos_table: ropeCos,
      sin_table: ropeSin,
      positions: positionIds,
      biases: positionBias,
      blocks,
    },
    writes: { out },
    numbers: {
      // The number of workgroups that have a block.
      groups,
      heads,
      head_dim: headDim,
      // The numbers of keys before and after its own that a query sees.
      before,
      after,
      // An odd number, or 0 without biases.
      distances,
      // The number of workgroups for the values of one head.
      value_parts: parts,
      has_rope: ropeCos ? 1 : 0,
    },
    floats: { scale },
    groups,
  });
};

const countBlocks = ({ seqLens }: SequenceLayout): number =>
  seqLens.reduce((sum, length) => sum + Math.ceil(length / queriesOfBlock), 0);

/** [count, 4]: first token of the sequence, its length, first query of the block. */
function queryBlocks({ hostCuSeqlens, seqLens }: SequenceLayout, count: number): Int32Array {
  const blocks = new Int32Array(4 * count);
  let at = 0;
  seqLens.forEach((length, sequence) => {
    for (let query = 0; query < length; query += queriesOfBlock) {
      blocks.set([hostCuSeqlens[sequence] ?? 0, length, query], at);
      at += 4;
    }
  });
  return blocks;
}
