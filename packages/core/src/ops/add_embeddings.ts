import { activation, ids, type OpSpec, output, table } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** x [rows, cols] · table [vocab, cols] · ids [rows] i32 in 0 … vocab − 1 · out [rows, cols], may be x. */
export interface AddEmbeddingsArgs {
  x: Tensor;
  table: Tensor;
  ids: Tensor<"i32">;
  out: Tensor;
}

export const add_embeddings: OpSpec<AddEmbeddingsArgs> = {
  name: "add_embeddings",
  group: "embedding",
  summary: "out[r] = x[r] + table[ids[r]]",
  tensors: {
    x: activation("rows", "cols"),
    table: table("vocab", "cols"),
    ids: ids("rows", "vocab"),
    out: output("rows", "cols"),
  },
  scalars: ["rows", "cols"],
  inPlace: ["x"],
};
