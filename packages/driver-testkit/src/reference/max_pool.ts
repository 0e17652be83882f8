import type { Reference } from "./host-args.js";

export const max_pool: Reference<"max_pool"> = ({ x, layout, out }) => {
  const cols = out.shape[1] as number;
  const { batch, hostCuSeqlens } = layout;
  for (let b = 0; b < batch; b++) {
    const [from, to] = [hostCuSeqlens[b] as number, hostCuSeqlens[b + 1] as number];
    for (let c = 0; c < cols; c++) {
      let largest = from === to ? 0 : (x.data[from * cols + c] as number);
      for (let row = from; row < to; row++) {
        largest = Math.max(largest, x.data[row * cols + c] as number);
      }
      out.data[b * cols + c] = largest;
    }
  }
};
