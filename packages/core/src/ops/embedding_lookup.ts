import { ids, type OpSpec, output, table } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** table [vocab, cols] · ids [rows] i32 in 0 … vocab − 1 · out [rows, cols]. */
export interface EmbeddingLookupArgs {
  table: Tensor;
  ids: Tensor<"i32">;
  out: Tensor;
}

export const embedding_lookup: OpSpec<EmbeddingLookupArgs> = {
  name: "embedding_lookup",
  group: "embedding",
  summary: "out[r] = table[ids[r]]",
  tensors: {
    table: table("vocab", "cols"),
    ids: ids("rows", "vocab"),
    out: output("rows", "cols"),
  },
  scalars: ["rows", "cols"],
};
