/** Positions of a tensor's elements, counted in elements from the first one. */
export interface Strided {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/**
 * Number of elements from the first to the last one, both included; 0 when there are none. NaN when
 * it is not an exact number.
 */
export function spanOf({ shape, strides }: Strided): number {
  if (shape.includes(0)) return 0;
  return exact(shape.reduce((sum, dim, i) => exact(sum + exact((dim - 1) * (strides[i] ?? 0))), 1));
}

/** Whether the elements are contiguous in row-major order; true when there are none. */
export function isDense(strided: Strided): boolean {
  if (strided.shape.includes(0)) return true;
  let step = 1;
  return steppedDims(strided)
    .reverse()
    .every(({ dim, stride }) => {
      const fits = stride === step;
      step *= dim;
      return fits;
    });
}

/** Whether each element has its own position, as in transposed tensors and in slices. */
export function isInjective(strided: Strided): boolean {
  let taken = 0;
  return steppedDims(strided)
    .sort((a, b) => a.stride - b.stride)
    .every(({ dim, stride }) => {
      const fits = stride > taken;
      taken += (dim - 1) * stride;
      return fits;
    });
}

/**
 * Copies the elements in row-major order. `bytes` begins at the first element; `size` is the bytes
 * of one element.
 */
export function gather(bytes: Uint8Array, { shape, strides }: Strided, size: number): Uint8Array {
  const total = shape.reduce((product, dim) => product * dim, size);
  const dense = new Uint8Array(total);
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < total; to += size) {
    for (let i = 0; i < size; i += 1) dense[to + i] = bytes[from * size + i] ?? 0;
    from += advance(index, { shape, strides });
  }
  return dense;
}

/** Moves to the next index in row-major order, and returns the change of position in elements. */
function advance(index: number[], { shape, strides }: Strided): number {
  let moved = 0;
  for (let axis = index.length - 1; axis >= 0; axis -= 1) {
    const [at, dim, stride] = [index[axis] ?? 0, shape[axis] ?? 1, strides[axis] ?? 0];
    if (at + 1 < dim) {
      index[axis] = at + 1;
      return moved + stride;
    }
    index[axis] = 0;
    moved -= at * stride;
  }
  return moved;
}

/** Dimensions with more than one index; the stride of the others is never used. */
function steppedDims({ shape, strides }: Strided): { dim: number; stride: number }[] {
  return shape.map((dim, i) => ({ dim, stride: strides[i] ?? 0 })).filter(({ dim }) => dim > 1);
}

const exact = (value: number): number => (Number.isSafeInteger(value) ? value : Number.NaN);
