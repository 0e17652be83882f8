import { classicBert } from "@ripvec/arch-classic-bert";
import { type Driver, GenericBackend, type WeightDType } from "@ripvec/core";
import { openModel } from "@ripvec/hub";
import { defaultModel } from "./default-model.js";
import { cosine } from "./embedder/similarity.js";
import { readGolden } from "./golden.js";

/** The difference between a driver's vectors and the stored ones. */
export interface SelfCheck {
  /** The dtype of the weights on the driver. */
  readonly dtype: WeightDType;
  readonly texts: number;
  /** Largest difference of one number. */
  readonly maxDifference: number;
  /** Largest 1 − cosine. */
  readonly maxAngle: number;
  readonly passed: boolean;
}

interface Tolerance {
  readonly difference: number;
  readonly angle: number;
}

/**
 * Tolerances. sentence-transformers computed the stored vectors from the built-in weights in f32.
 * A sum in another order changes a component by up to 2e-7. Of the faults that were tried, the tanh
 * form of GELU has the least effect: 4e-4 (1 − cos 2e-6). Narrower weights differ by 1e-4 in f16, 1e-3
 * in bf16, and 2e-2 (1 − cos 4e-3) in i8, which also quantises activations to 8 bits. Vectors of
 * different texts have 1 − cos above 0.2.
 */
const tolerances: Readonly<Record<WeightDType, Tolerance>> = {
  f32: { difference: 2e-6, angle: 1e-9 },
  f16: { difference: 1e-3, angle: 1e-5 },
  bf16: { difference: 5e-3, angle: 2e-4 },
  i8: { difference: 5e-2, angle: 1e-2 },
};

/**
 * Embeds the golden texts with the built-in model, for each dtype on its own driver, which is
 * closed afterwards. Throws ModelFileError when the texts cannot be read.
 */
export async function selfCheck(
  open: () => Promise<Driver>,
  dtypes: Iterable<WeightDType>,
): Promise<SelfCheck[]> {
  const golden = await readGolden(defaultModel.goldenFile);
  const { directory, sha256 } = defaultModel;
  const model = await openModel(directory, { sha256 });
  const encodings = model.tokenizer.encodeBatch(golden.map(({ text }) => text));
  const expected = golden.map(({ embedding }) => Float32Array.from(embedding));
  const checks: SelfCheck[] = [];
  for (const dtype of dtypes) {
    const driver = await open();
    const backend = await GenericBackend.create({ driver, arch: classicBert, model, dtype });
    try {
      checks.push(compare(dtype, await backend.embedBatch(encodings), expected));
    } finally {
      await backend.close();
    }
  }
  return checks;
}

/** Compares vectors with the expected ones, in pairs. Without pairs, the check fails. */
export function compare(
  dtype: WeightDType,
  vectors: readonly Float32Array[],
  expected: readonly Float32Array[],
): SelfCheck {
  let [maxDifference, maxAngle] = [0, 0];
  expected.forEach((wanted, row) => {
    const got = vectors[row] ?? new Float32Array();
    maxAngle = Math.max(maxAngle, 1 - cosine(wanted, got));
    wanted.forEach((value, column) => {
      maxDifference = Math.max(maxDifference, Math.abs(value - (got[column] ?? Number.NaN)));
    });
  });
  const { difference, angle } = tolerances[dtype];
  const passed = expected.length > 0 && maxDifference <= difference && maxAngle <= angle;
  return { dtype, texts: expected.length, maxDifference, maxAngle, passed };
}
