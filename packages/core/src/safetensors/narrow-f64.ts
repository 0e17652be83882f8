import { ModelFileError } from "../errors.js";

/**
 * Little-endian f64 values, at any address, as the bytes of f32 values rounded to nearest even. Throws
 * ModelFileError that names the tensor when a finite value is too large for f32.
 */
export function narrowF64(
  bytes: Uint8Array,
  place: { readonly path: string; readonly tensor: string },
): Uint8Array {
  const wide = new Float64Array(new Uint8Array(bytes).buffer);
  const narrow = Float32Array.from(wide);
  for (let i = 0; i < wide.length; i++) {
    if (!Number.isFinite(narrow[i]) && Number.isFinite(wide[i])) {
      throw new ModelFileError(`element ${i} is ${wide[i]}, too large for f32`, place);
    }
  }
  return new Uint8Array(narrow.buffer);
}
