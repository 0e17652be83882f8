import type { ActivationDType } from "@ripvec/core";
import { referenceDriver } from "../reference/reference-driver.js";
import { expectThat } from "../run/conformance-error.js";
import { needsClone, needsF16, type SuiteTest } from "./suite.js";
import { randomTexts, type Text, TinyEncoder } from "./tiny-encoder.js";

const lengths = [5, 1, 64, 9, 17, 2, 63, 8, 65, 7, 33, 1];

/** The largest |Δ| from f64 of an element of a unit vector, caused by the roundings of two layers. */
const agreement: Record<ActivationDType, number> = { f32: 5e-6, f16: 2e-2 };

function suiteFor(activations: ActivationDType): SuiteTest[] {
  return testsFor(activations).map((suiteTest) => ({
    ...suiteTest,
    name: `model: ${suiteTest.name}, ${activations}`,
    lacks: (driver) =>
      (activations === "f16" ? needsF16(driver) : undefined) ?? suiteTest.lacks?.(driver),
  }));
}

const testsFor = (activations: ActivationDType): SuiteTest[] => [
  {
    name: "an encoder agrees with f64",
    async run(driver) {
      const oracle = referenceDriver();
      try {
        const texts = randomTexts("f64", lengths);
        const want = await TinyEncoder.create(oracle).embed(texts);
        const got = await TinyEncoder.create(driver, activations).embed(texts);
        const limit = agreement[activations];
        want.forEach((vector, i) => {
          vector.forEach((value, d) => {
            const difference = Math.abs(value - (got[i]?.[d] ?? Number.NaN));
            expectThat(difference <= limit, () => {
              const found = `${got[i]?.[d]}, expected ${value} within ${limit}`;
              return `text ${i} of ${lengths[i]} tokens, element ${d}: ${found}`;
            });
          });
        });
      } finally {
        await oracle.close();
      }
    },
  },
  {
    name: "one text alone gives the same bits as in a batch",
    async run(driver) {
      const encoder = TinyEncoder.create(driver, activations);
      const texts = randomTexts("alone", lengths);
      const together = await encoder.embed(texts);
      for (const [i, text] of texts.entries()) {
        const [alone] = await encoder.embed([text]);
        expectSameBits(alone, together[i], `text ${i} of ${text.ids.length} tokens`);
      }
    },
  },
  {
    name: "order does not matter",
    async run(driver) {
      const encoder = TinyEncoder.create(driver, activations);
      const texts = randomTexts("order", lengths);
      const forward = await encoder.embed(texts);
      const backward = await encoder.embed([...texts].reverse());
      forward.forEach((vector, i) => {
        expectSameBits(backward[texts.length - 1 - i], vector, `text ${i}`);
      });
    },
  },
  {
    name: "packing does not matter",
    async run(driver) {
      const encoder = TinyEncoder.create(driver, activations);
      const texts = randomTexts("packing", lengths);
      const whole = await encoder.embed(texts);
      for (const size of [2, 3, 5, 7]) {
        for (let from = 0; from < texts.length; from += size) {
          const part = await encoder.embed(texts.slice(from, from + size));
          part.forEach((vector, i) => {
            expectSameBits(vector, whole[from + i], `text ${from + i} in batches of ${size}`);
          });
        }
      }
    },
  },
  {
    name: "neighbours do not matter",
    async run(driver) {
      const encoder = TinyEncoder.create(driver, activations);
      const [text = { ids: [] }] = randomTexts("neighbours", [19]);
      const [want] = await encoder.embed([text]);
      for (const [round, others] of [[3], [80, 1], [18, 19, 20], [40, 40, 40, 2]].entries()) {
        const neighbours = randomTexts(`neighbours ${round}`, others);
        for (let at = 0; at <= neighbours.length; at++) {
          const batch = neighbours.toSpliced(at, 0, text);
          const vectors = await encoder.embed(batch);
          expectSameBits(vectors[at], want, `place ${at} among lengths ${others.join(", ")}`);
        }
      }
    },
  },
  {
    name: "masked tokens are as if they were not there",
    async run(driver) {
      const encoder = TinyEncoder.create(driver, activations);
      const texts = randomTexts("mask", [12, 30, 7, 1]);
      const want = await encoder.embed(texts);
      const masked = texts.map((text, i) => withMaskedTail(text, [4, 0, 20, 1][i] ?? 0));
      const got = await encoder.embed(masked);
      got.forEach((vector, i) => {
        expectSameBits(vector, want[i], `text ${i}`);
      });
    },
  },
  {
    name: "every part of the input counts",
    async run(driver) {
      const encoder = TinyEncoder.create(driver, activations);
      const [text = { ids: [] }] = randomTexts("parts", [11]);
      const { ids, types = [] } = text;
      const variants: [string, Text][] = [
        ["its token types", { ids, types: types.with(4, 1 - (types[4] ?? 0)) }],
        ["its last token", { ids: ids.with(-1, ((ids.at(-1) ?? 0) + 1) % 50), types }],
        ["its order", { ids: ids.toReversed(), types }],
      ];
      const [want = []] = await encoder.embed([text]);
      for (const [what, variant] of variants) {
        const [got = []] = await encoder.embed([variant]);
        const difference = Math.max(...got.map((value, d) => Math.abs(value - (want[d] ?? 0))));
        expectThat(difference > 1e-3, `a text's vector does not depend on ${what}`);
      }
    },
  },
  {
    name: "a pass repeated gives the same bits",
    async run(driver) {
      const encoder = TinyEncoder.create(driver, activations);
      const texts = randomTexts("again", lengths);
      const first = await encoder.embed(texts);
      for (let round = 0; round < 10; round++) {
        const again = await encoder.embed(texts);
        again.forEach((vector, i) => {
          expectSameBits(vector, first[i], `round ${round}, text ${i}`);
        });
      }
    },
  },
  {
    name: "a clone gives the same bits, also at the same time",
    lacks: needsClone,
    async run(driver) {
      const encoder = TinyEncoder.create(driver, activations);
      const clone = driver.clone();
      try {
        const texts = randomTexts("clone", lengths);
        const want = await encoder.embed(texts);
        const both = await Promise.all([encoder, encoder.on(clone)].map((e) => e.embed(texts)));
        for (const vectors of both) {
          vectors.forEach((vector, i) => {
            expectSameBits(vector, want[i], `text ${i}`);
          });
        }
      } finally {
        await clone.close();
      }
    },
  },
];

/** Tests of a whole encoder: agreement with f64, and batch-invariant vectors. */
export const modelSuite: readonly SuiteTest[] = [...suiteFor("f32"), ...suiteFor("f16")];

function withMaskedTail({ ids, types = [] }: Text, extra: number): Text {
  const tail = Array.from({ length: extra }, (_, i) => (i * 7) % 50);
  return {
    ids: [...ids, ...tail],
    types: [...types, ...tail.map(() => 1)],
    mask: [...ids.map(() => 1), ...tail.map(() => 0)],
  };
}

/** Throws unless both have the same bits and no NaN. */
export function expectSameBits(
  got: Float32Array | undefined,
  want: Float32Array | undefined,
  what: string,
): void {
  expectThat(got !== undefined && got.length === want?.length, `${what}: no vector`);
  got?.forEach((value, d) => {
    expectThat(!Number.isNaN(value) && Object.is(value, want?.[d]), () => {
      return `${what}: element ${d} is ${value}, was ${want?.[d]} before`;
    });
  });
}
