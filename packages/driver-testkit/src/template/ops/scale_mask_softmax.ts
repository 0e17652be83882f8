import type { Kernel } from "../kernel.js";

export const scale_mask_softmax: Kernel<"scale_mask_softmax"> = (args) => {
  const { x, mask, scale, window, out } = args;
  const [batch = 0, heads = 0, queries = 0, keys = 0] = x.shape;
  const reach = window === undefined ? Number.POSITIVE_INFINITY : window / 2;
  const row = new Float64Array(keys);
  for (let r = 0; r < batch * heads * queries; r++) {
    const query = r % queries;
    const batchIndex = Math.floor(r / (heads * queries));
    for (let j = 0; j < keys; j++) {
      const added = mask ? (mask.data[batchIndex * keys + j] as number) : 0;
      const hidden = Math.abs(query - j) > reach || added === Number.NEGATIVE_INFINITY;
      row[j] = hidden ? Number.NEGATIVE_INFINITY : (x.data[r * keys + j] as number) * scale + added;
    }
    softmax(row);
    out.data.set(row, r * keys);
  }
};

/** Works in place. −Infinity becomes exactly 0, also when the whole row is −Infinity. */
function softmax(row: Float64Array): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of row) largest = Math.max(largest, value);
  if (largest === Number.NEGATIVE_INFINITY) {
    row.fill(0);
    return;
  }
  let sum = 0;
  for (let j = 0; j < row.length; j++) {
    const weight = Math.exp((row[j] as number) - largest);
    row[j] = weight;
    sum += weight;
  }
  for (let j = 0; j < row.length; j++) row[j] = (row[j] as number) / sum;
}
