import { ModelFileError } from "@ripvec/core";
import { openSafetensors, toF32 } from "@ripvec/core/arch";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CountingSource, safetensorsFile } from "../support/safetensors-file.js";

/** Opens the file and reads every tensor. Only ModelFileError may come out, and no read beyond the file's size. */
function exercise(file: Uint8Array, byteLength = file.length): { tensors: number } {
  const source = new CountingSource(file, { byteLength });
  let tensors = 0;
  try {
    const weights = openSafetensors(source);
    expect(source.asked).toBeLessThanOrEqual(byteLength);
    for (const name of weights.names) {
      source.asked = 0;
      tensors += readTensor(() => weights.get(name), source, byteLength);
    }
  } catch (error) {
    if (!(error instanceof ModelFileError)) throw error;
    expect(source.asked).toBeLessThanOrEqual(byteLength);
  }
  return { tensors };
}

function readTensor(
  get: () => Parameters<typeof toF32>[0],
  source: CountingSource,
  fileBytes: number,
): number {
  try {
    const view = get();
    const values = toF32(view);
    expect(source.asked).toBeLessThanOrEqual(fileBytes);
    // One byte of i8 becomes four of f32; every other dtype grows less.
    expect(values.byteLength).toBeLessThanOrEqual(4 * view.byteLength);
    return 1;
  } catch (error) {
    if (!(error instanceof ModelFileError)) throw error;
    return 0;
  }
}

const dtypes = { F32: 4, F16: 2, BF16: 2, I8: 1, I32: 4, I64: 8, F64: 8, BOOL: 1 } as const;

interface Tensor {
  dtype: keyof typeof dtypes;
  shape: number[];
}

const tensor: fc.Arbitrary<Tensor> = fc.record({
  dtype: fc.constantFrom(...(Object.keys(dtypes) as (keyof typeof dtypes)[])),
  shape: fc.array(fc.nat(5), { maxLength: 3 }),
});

/** A header that is right, and the bytes of data it speaks of. */
function layOut(named: readonly (readonly [string, Tensor])[]) {
  let end = 0;
  const entries = named.map(([name, { dtype, shape }]) => {
    const begin = end;
    end += shape.reduce((product, dim) => product * dim, dtypes[dtype]);
    return [
      name,
      { dtype, shape: shape as unknown, data_offsets: [begin, end] as unknown },
    ] as const;
  });
  return { header: Object.fromEntries(entries), bodyBytes: end };
}

const model = fc
  .uniqueArray(fc.tuple(fc.string({ unit: "grapheme", maxLength: 6 }), tensor), {
    selector: ([name]) => name,
    maxLength: 5,
  })
  .filter((named) => named.every(([name]) => name !== "__metadata__" && name !== "__proto__"))
  .map(layOut);

const number = fc.oneof(
  fc.integer({ min: -2, max: 40 }),
  fc.constantFrom(2 ** 31, 2 ** 32, 2 ** 53, -1, 0.5, 1e308),
);
const wild = fc.oneof(
  { weight: 3, arbitrary: fc.array(number, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);

test("valid files open, whatever their tensors are", () => {
  fc.assert(
    fc.property(model, fc.infiniteStream(fc.nat(255)), ({ header, bodyBytes }, noise) => {
      const body = Uint8Array.from(noise.take(bodyBytes));
      const count = (others: RegExp) =>
        Object.values(header).filter(({ dtype }) => !others.test(dtype)).length;
      const { tensors } = exercise(safetensorsFile(header, body));
      // F64 is read unless it holds what f32 cannot.
      expect(tensors).toBeGreaterThanOrEqual(count(/F64|BOOL/));
      expect(tensors).toBeLessThanOrEqual(count(/BOOL/));
    }),
    { numRuns: 1000 },
  );
});

test("headers with one arbitrary field are read or refused", () => {
  const field = fc.constantFrom("dtype", "shape", "data_offsets", "extra");
  fc.assert(
    fc.property(model, fc.nat(4), field, wild, (laid, which, name, value) => {
      const { header, bodyBytes } = laid;
      const names = Object.keys(header);
      const target = names[which % Math.max(names.length, 1)];
      const changed = target === undefined ? value : { ...header[target], [name]: value };
      exercise(
        safetensorsFile({ ...header, [target ?? "new"]: changed }, new Uint8Array(bodyBytes)),
      );
    }),
    { numRuns: 3500 },
  );
});

test("files that are truncated, extended or have changed bytes are read or refused", () => {
  const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
  fc.assert(
    fc.property(model, flips, fc.integer({ min: -12, max: 12 }), (laid, changes, growth) => {
      const whole = safetensorsFile(laid.header, new Uint8Array(laid.bodyBytes));
      const file = new Uint8Array(Math.max(0, whole.length + growth));
      file.set(whole.subarray(0, file.length));
      for (const [at, value] of changes) if (file.length > 0) file[at % file.length] = value;
      exercise(file);
      // A source that says it is longer than it is: reads come back short.
      exercise(file, file.length + 8);
    }),
    { numRuns: 3000 },
  );
});
