import { ModelFileError } from "../errors.js";

/**
 * Rounds little-endian f64 values, at any address, to nearest even f32, and returns the bytes of these. Throws
 * ModelFileError that names the tensor if a finite value rounds to infinity.
 */
export function narrowF64(
  bytes: Uint8Array,
  place: { readonly path: string; readonly tensor: string },
): Uint8Array {
  const wide = new Float64Array(new Uint8Array(bytes).buffer);
  const narrow = Float32Array.from(wide);
  for (let i = 0; i < wide.length; i++) {
    if (!Number.isFinite(narrow[i]) && Number.isFinite(wide[i])) {
      throw new ModelFileError(`element ${i} is ${wide[i]}, beyond the largest of f32`, place);
    }
  }
  return new Uint8Array(narrow.buffer);
}
