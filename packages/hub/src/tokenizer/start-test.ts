import { ModelFileError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { isJsonObject } from "../model-files.js";
import { readList, shown } from "./fields.js";
import { createNormalizer } from "./normalizers/create-normalizer.js";

/** Steps that remove characters, and leave the others at their places in the text. */
const removing = new Set<unknown>(["Strip", "StripAccents", "Nmt", "BertNormalizer"]);

/**
 * Returns how many UTF-16 units at the start of a normalised text come from the first character of
 * the text: Metaspace with `prepend_scheme: "first"` marks only words that begin there. Throws
 * ModelFileError for normalizers for which that is not known.
 */
export function createStartTest(
  normalizer: unknown,
  preTokenizer: unknown,
): (text: string) => number {
  const mark = markOfFirst(preTokenizer);
  if (mark === undefined) return () => 0;
  const steps = flatten(normalizer);
  for (const [index, step] of steps.entries()) {
    const removes = steps.slice(index + 1).some(({ type }) => removing.has(type));
    const isFirst = !steps.slice(0, index).some(({ type }) => type === "Replace");
    if (step.type === "Prepend" ? isFirst && !removes : isKnown(step, mark, removes)) continue;
    throw new ModelFileError(
      `"prepend_scheme": "first" of a pre-tokenizer is not supported after the normalizer ${shown(step.type)}`,
    );
  }
  const atLeft = steps.map((step) =>
    step.type === "Strip" ? { ...step, strip_right: false } : step,
  );
  const inSequence = (normalizers: readonly JsonObject[]) =>
    createNormalizer({ type: "Sequence", normalizers });
  const normalize = inSequence(atLeft);
  const remove = inSequence(atLeft.filter(({ type }) => removing.has(type)));
  return (text) => {
    const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
    return remove(first) === "" ? 0 : Math.max(1, normalize(first).length);
  };
}

/** The mark that a pre-tokenizer puts before the first word only; undefined when no step does. */
function markOfFirst(preTokenizer: unknown): string | undefined {
  if (!isJsonObject(preTokenizer)) return undefined;
  if (preTokenizer.prepend_scheme === "first") return String(preTokenizer.replacement);
  const inner = preTokenizer.pretokenizers;
  if (!Array.isArray(inner)) return undefined;
  return inner.map(markOfFirst).find((mark) => mark !== undefined);
}

function flatten(step: unknown): readonly JsonObject[] {
  if (!isJsonObject(step)) return [];
  if (step.type !== "Sequence") return [step];
  return readList(step.normalizers, "normalizer.normalizers").flatMap(flatten);
}

/**
 * Whether a step leaves the first character in place, or puts a mark there; `removes`: a later step
 * removes characters.
 */
function isKnown(step: JsonObject, mark: string, removes: boolean): boolean {
  // The reference counts text that the table removes as part of the character after it.
  if (step.type === "Precompiled") return !removes;
  if (step.type !== "Replace") return true;
  const content = String(step.content);
  const pattern = isJsonObject(step.pattern) ? step.pattern.String : undefined;
  const single = typeof pattern === "string" && Array.from(pattern).length === 1;
  if (single && content !== "") return true;
  return !removes && (content.startsWith(" ") || content.startsWith(mark));
}
