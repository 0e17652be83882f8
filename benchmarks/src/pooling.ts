import type { Pooling } from "@ripvec/core";
import type { HiddenState } from "./onnx/session.js";

/** The poolings that every engine of the benchmark supports. */
export type CommonPooling = Extract<Pooling, "cls" | "mean" | "last">;

/** One vector of a text's hidden state, accumulated in f64. */
export function pool(state: HiddenState, pooling: CommonPooling): Float64Array {
  switch (pooling) {
    case "cls":
      return row(state, 0);
    case "last":
      return row(state, state.rows - 1);
    case "mean": {
      const sum = new Float64Array(state.columns);
      for (let at = 0; at < state.rows; at++) {
        row(state, at).forEach((value, column) => {
          sum[column] = (sum[column] ?? 0) + value;
        });
      }
      return sum.map((value) => value / state.rows);
    }
    default:
      return pooling satisfies never;
  }
}

/** x / ‖x‖₂ in f64. */
export function normalized(vector: Float64Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => value / length);
}

function row({ data, columns }: HiddenState, at: number): Float64Array {
  return Float64Array.from(data.subarray(at * columns, (at + 1) * columns));
}
