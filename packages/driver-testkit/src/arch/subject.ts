import {
  type ArchOptions,
  type Driver,
  type Encoding,
  isRipvecError,
  type ModelArch,
} from "@ripvec/core";
import { type LoadedModel, packBatch } from "@ripvec/core/arch";
import { Random } from "../numbers/random.js";
import { expectThat } from "../run/conformance-error.js";
import { type ArchModel, type ModelChanges, sourceOf } from "./arch-model.js";
import type { PlainForward } from "./expected-vector.js";
import type { PlainText } from "./plain-model.js";

/** An architecture, one of its models, and its definition in f64. */
export interface Subject {
  readonly arch: ModelArch;
  readonly model: ArchModel;
  readonly definition: PlainForward;
}

/** One test of an architecture with one model. */
export interface ArchTest {
  readonly name: string;
  /** The reason, in words, why this model or this driver cannot take the test; undefined when it can. */
  lacks?(subject: Subject, driver: Driver): Promise<string | undefined> | string | undefined;
  /** Throws ConformanceError when the architecture fails. */
  run(subject: Subject, driver: Driver): Promise<void>;
}

export function load(
  { arch, model }: Subject,
  driver: Driver,
  options: ArchOptions = {},
  changes: ModelChanges = {},
): Promise<LoadedModel> {
  return arch.load(driver, sourceOf(model, changes), options);
}

/**
 * The reason why a test does not apply: the architecture, or the driver's lack of an optional op, refuses the options in
 * words. Undefined if the model loads; any other error is for the test to report.
 */
export async function refusalOf(
  subject: Subject,
  driver: Driver,
  options: ArchOptions = {},
): Promise<string | undefined> {
  const error = await errorOf(() => load(subject, driver, options));
  return isRipvecError(error) && error.code === "UNSUPPORTED" ? error.message : undefined;
}

/** The lengths of the texts: the shortest, the longest and others, and two of equal length. */
export function lengthsOf({ maxTokens }: ArchModel): readonly number[] {
  const part = (share: number) => Math.max(1, Math.round(maxTokens * share));
  return [part(0.3), 1, maxTokens, part(0.55), 1, maxTokens - 1, part(0.3)];
}

/** Random texts. The first text has the last id of the vocabulary, and all types occur where there are several. */
export function drawTexts(
  { vocabSize, tokenTypes = 1 }: ArchModel,
  lengths: readonly number[],
  seed = "texts",
): readonly PlainText[] {
  const random = new Random(seed);
  return lengths.map((length, t) => {
    const ids = [...random.integers(length, vocabSize)];
    return {
      ids: t === 0 ? ids.with(-1, vocabSize - 1) : ids,
      types: [...random.integers(length, tokenTypes)],
    };
  });
}

export const encodingOf = ({ ids, types }: PlainText): Encoding => ({
  inputIds: ids,
  tokenTypeIds: types,
});

/** Computes the vectors of the texts in one pass. Memory that the pass does not write holds NaN. */
export async function embed(
  driver: Driver,
  loaded: LoadedModel,
  texts: readonly PlainText[],
): Promise<readonly Float32Array[]> {
  const { dim, batchKind } = loaded;
  const batch = packBatch(texts.map(encodingOf), batchKind);
  const all = await driver.run((ops) => loaded.forward(ops, batch), { poison: true });
  expectThat(
    all.length === texts.length * dim,
    () => `forward gave ${all.length} values for ${texts.length} texts of dim ${dim}`,
  );
  return texts.map((_, t) => all.slice(t * dim, (t + 1) * dim));
}

/** What an action throws or rejects with; undefined if it does neither. */
export async function errorOf(action: () => unknown): Promise<unknown> {
  try {
    await action();
    return undefined;
  } catch (error) {
    return error ?? new Error("something without a value was thrown");
  }
}
