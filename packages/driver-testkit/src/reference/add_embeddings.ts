import type { Reference } from "./host-args.js";

export const add_embeddings: Reference<"add_embeddings"> = ({ x, table, ids, out }) => {
  const cols = table.shape[1] as number;
  for (let i = 0; i < out.data.length; i++) {
    const id = ids.data[Math.floor(i / cols)] as number;
    const row = table.data[id * cols + (i % cols)] as number;
    out.data[i] = (x.data[i] as number) + row;
    out.magnitude[i] = Math.abs(row);
  }
};
