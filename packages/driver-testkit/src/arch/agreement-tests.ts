import type { ArchOptions, Driver, Pooling, WeightDType } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { expectThat } from "../run/conformance-error.js";
import { needsF16, needsWeights } from "../suites/suite.js";
import type { PlainText } from "./plain-model.js";
import {
  type Expected,
  expectedVectors,
  largestDifference,
  type Rounding,
} from "./rounding-bound.js";
import {
  type ArchTest,
  drawTexts,
  embed,
  lengthsOf,
  load,
  refusalOf,
  type Subject,
} from "./subject.js";

const weightDTypes: readonly WeightDType[] = ["f32", "f16", "bf16", "i8"];

/** Tests on a driver that computes in f64, where even small mistakes of an architecture are visible. */
export const exactTests: readonly ArchTest[] = [
  ...weightDTypes.map((dtype) => agreement(`agrees with f64, ${dtype} weights`, { dtype }, true)),
  ...(["cls", "last", "max", "mean", "mean_sqrt_len_tokens", "weightedmean"] as const).map(
    poolingTest,
  ),
  {
    name: "vectors have length 1 if the app asks for it",
    lacks: (subject, driver) => refusalOf(subject, driver, { normalize: true }),
    run: (subject, driver) => compare(subject, driver, { isExact: true }, { normalize: true }),
  },
];

/** Tests on a driver that computes as drivers do. */
export const roundingTests: readonly ArchTest[] = [
  ...weightDTypes.map((dtype) => agreement(`agrees with f64, ${dtype} weights`, { dtype }, false)),
  {
    name: "agrees with f64, f16 activations",
    lacks: (subject, driver) =>
      needsF16(driver) ?? refusalOf(subject, driver, { activations: "f16" }),
    run: (subject, driver) => compare(subject, driver, { activations: "f16" }),
  },
];

/** A test for each field of `variants`. */
export function variantTests(variants: readonly JsonObject[]): readonly ArchTest[] {
  return variants.map((config) => ({
    name: `the config with ${JSON.stringify(config)} agrees with f64, and differs from the model`,
    run: (subject, driver) => compareVariant(subject, driver, config),
  }));
}

function agreement(name: string, rounding: Rounding, isExact: boolean): ArchTest {
  return {
    name,
    lacks: (subject, driver) =>
      needsWeights(rounding.dtype ?? "f32")(driver) ??
      refusalOf(subject, driver, { dtype: rounding.dtype }),
    run: (subject, driver) => compare(subject, driver, { ...rounding, isExact }),
  };
}

function poolingTest(pooling: Pooling): ArchTest {
  return {
    name: `option pooling ${pooling}`,
    lacks: (subject, driver) =>
      subject.model.modules ? "has modules of its own" : refusalOf(subject, driver, { pooling }),
    run: (subject, driver) => compare(subject, driver, { isExact: true }, { pooling }),
  };
}

async function compare(
  subject: Subject,
  driver: Driver,
  rounding: Rounding,
  choice: Pick<ArchOptions, "pooling" | "normalize"> = {},
): Promise<void> {
  const { dtype, activations } = rounding;
  const texts = drawTexts(subject.model, lengthsOf(subject.model));
  const expected = expectedVectors(subject, texts, rounding, choice);
  const loaded = await load(subject, driver, { ...choice, dtype, activations });
  expectThat(
    (loaded.weightDtype ?? "f32") === (dtype ?? "f32"),
    () => `weights were asked for in ${dtype}, and weightDtype is ${loaded.weightDtype}`,
  );
  expectThat(
    (loaded.activations ?? "f32") === (activations ?? "f32"),
    () => `activations were asked for in ${activations}, and activations is ${loaded.activations}`,
  );
  expectThat(
    !choice.normalize || loaded.normalized,
    "normalize was asked for, and normalized is false",
  );
  expectVectors(await embed(driver, loaded, texts), expected, texts);
}

function expectVectors(
  got: readonly Float32Array[],
  { vectors, bound }: Expected,
  texts: readonly PlainText[],
): void {
  vectors.forEach((want, t) => {
    const vector = got[t] ?? new Float32Array();
    const difference = largestDifference(vector, want);
    expectThat(difference <= bound, () => {
      const found = `${shown(vector)}, expected ${shown(want)}`;
      const by = `the largest |Δ| is ${difference}, allowed ${bound}`;
      return `text ${t} of ${texts[t]?.ids.length} tokens: ${found}; ${by}`;
    });
  });
}

/** The number of values and the first of them. */
function shown(vector: ArrayLike<number>): string {
  const first = Array.from(vector).slice(0, 4);
  return `${vector.length} values [${first.map((value) => value.toPrecision(7)).join(", ")}, …]`;
}

/**
 * A variant must change the vectors by at least ten times the error that is allowed in f32. A smaller change would not show
 * whether the architecture reads the field.
 */
const visible = 10;

async function compareVariant(subject: Subject, driver: Driver, config: JsonObject): Promise<void> {
  const texts = drawTexts(subject.model, lengthsOf(subject.model));
  const base = expectedVectors(subject, texts, { isExact: true });
  const expected = expectedVectors(subject, texts, { isExact: true }, {}, config);
  const change = Math.max(
    ...expected.vectors.map((vector, t) => largestDifference(vector, base.vectors[t] ?? [])),
  );
  expectThat(
    change > visible * base.bound,
    () =>
      `forward gives nearly the same vectors as without the fields: the largest |Δ| is ${change}`,
  );
  const plain = await load(subject, driver);
  const loaded = await load(subject, driver, {}, { config });
  expectVectors(await embed(driver, loaded, texts), expected, texts);
  expectThat(
    loaded.signature !== plain.signature,
    () => `the vectors differ, and the signature is ${plain.signature} for both`,
  );
}
