import type { RowFormat } from "./format.js";

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];

/**
 * NumPy's .npy, version 1.0: little-endian f32 [rows, dim]. The header states the number of rows,
 * so the vectors (not the texts) are kept until the end.
 */
export function npy(dim: number): RowFormat {
  const vectors: Float32Array[] = [];
  return {
    row(row) {
      vectors.push(row.embedding);
      return undefined;
    },
    end: () => npyBytes(vectors, dim),
  };
}

function npyBytes(vectors: readonly Float32Array[], dim: number): Uint8Array {
  const header = npyHeader(vectors.length, dim);
  const bytes = new Uint8Array(header.length + vectors.length * dim * 4);
  bytes.set(header);
  const view = new DataView(bytes.buffer, header.length);
  vectors.forEach((vector, row) => {
    vector.forEach((value, column) => {
      view.setFloat32((row * dim + column) * 4, value, true);
    });
  });
  return bytes;
}

/**
 * Magic bytes, header length (u16, little-endian), and a Python dict padded to 64 bytes that ends
 * in a line end.
 */
function npyHeader(rows: number, dim: number): Uint8Array {
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${dim}), }`;
  const unpadded = magic.length + 2 + dict.length + 1;
  const text = `${dict}${" ".repeat((64 - (unpadded % 64)) % 64)}\n`;
  return Uint8Array.from([
    ...magic,
    text.length & 0xff,
    text.length >> 8,
    ...Buffer.from(text, "latin1"),
  ]);
}
