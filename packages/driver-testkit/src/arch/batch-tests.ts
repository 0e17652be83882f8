import { type Driver, GenericBackend, isRipvecError } from "@ripvec/core";
import { packBatch } from "@ripvec/core/arch";
import { expectThat } from "../run/conformance-error.js";
import { expectSameBits } from "../suites/model-suite.js";
import { sourceOf } from "./arch-model.js";
import type { PlainText } from "./plain-model.js";
import {
  type ArchTest,
  drawTexts,
  embed,
  encodingOf,
  errorOf,
  lengthsOf,
  load,
  type Subject,
} from "./subject.js";

/** Tests that the vector of a text depends on that text alone, bit for bit. */
export const batchTests: readonly ArchTest[] = [
  {
    name: "one text alone gives the same bits as in a batch",
    async run(subject, driver) {
      const { loaded, texts, together } = await batchOf(subject, driver);
      for (const [t, text] of texts.entries()) {
        const [alone] = await embed(driver, loaded, [text]);
        expectSameBits(alone, together[t], nameOf(text, t));
      }
    },
  },
  {
    name: "order does not matter",
    async run(subject, driver) {
      const { loaded, texts, together } = await batchOf(subject, driver);
      const backward = (await embed(driver, loaded, texts.toReversed())).toReversed();
      texts.forEach((text, t) => {
        expectSameBits(backward[t], together[t], nameOf(text, t));
      });
    },
  },
  {
    name: "neighbours do not matter",
    async run(subject, driver) {
      const { loaded, texts, together } = await batchOf(subject, driver);
      const { maxTokens } = subject.model;
      for (const [t, text] of texts.entries()) {
        for (const lengths of [[1], [maxTokens, 2], [2, maxTokens, 3]]) {
          const others = drawTexts(subject.model, lengths, `neighbours of ${t}`);
          for (let at = 0; at <= others.length; at++) {
            const vectors = await embed(driver, loaded, others.toSpliced(at, 0, text));
            expectSameBits(vectors[at], together[t], `${nameOf(text, t)}, place ${at}`);
          }
        }
      }
    },
  },
  {
    name: "a pass repeated gives the same bits",
    async run(subject, driver) {
      const { loaded, texts, together } = await batchOf(subject, driver);
      for (let round = 0; round < 3; round++) {
        (await embed(driver, loaded, texts)).forEach((vector, t) => {
          expectSameBits(vector, together[t], `round ${round}, text ${t}`);
        });
      }
    },
  },
  {
    name: "masked tokens are as if they were not there",
    async run({ arch, model }, driver) {
      const backend = await GenericBackend.create({ driver, arch, model: sourceOf(model) });
      const encodings = drawTexts(model, [1, 2, 3, model.maxTokens]).map(encodingOf);
      const want = await backend.embedBatch(encodings);
      const got = await backend.embedBatch(encodings.map(withMaskedTokens));
      got.forEach((vector, t) => {
        expectSameBits(vector, want[t], `text ${t}`);
      });
    },
  },
  {
    name: "a batch of the other kind is refused",
    async run(subject, driver) {
      const loaded = await load(subject, driver);
      const other = loaded.batchKind === "packed" ? "padded" : "packed";
      const batch = packBatch(drawTexts(subject.model, [2, 3]).map(encodingOf), other);
      const error = await errorOf(() => driver.run((ops) => loaded.forward(ops, batch)));
      expectThat(isRipvecError(error) && error.code === "INPUT", () => {
        const taken = `batchKind is ${loaded.batchKind}`;
        return `${taken}; for a ${other} batch forward must throw InputError, got ${error}`;
      });
    },
  },
];

async function batchOf(subject: Subject, driver: Driver) {
  const texts = drawTexts(subject.model, lengthsOf(subject.model));
  const loaded = await load(subject, driver);
  return { texts, loaded, together: await embed(driver, loaded, texts) };
}

const nameOf = ({ ids }: PlainText, index: number) => `text ${index} of ${ids.length} tokens`;

/** The same text with a masked token before each of its tokens and after the last. */
function withMaskedTokens({ inputIds, tokenTypeIds = [] }: ReturnType<typeof encodingOf>) {
  const around = (values: ArrayLike<number>, masked: number) => [
    ...Array.from(values, (value) => [masked, value]).flat(),
    masked,
  ];
  return {
    inputIds: around(inputIds, 1),
    tokenTypeIds: around(tokenTypeIds, 0),
    attentionMask: around(
      Array.from(inputIds, () => 1),
      0,
    ),
  };
}
