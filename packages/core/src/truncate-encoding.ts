import type { Encoding, Tokenizer } from "./encoding.js";
import { InputError } from "./errors.js";
import { countTokens } from "./pack-batch.js";

/** What truncation has to know of a tokenizer. */
export type TruncationRule = Pick<Tokenizer, "suffixTokens" | "prefixTokens" | "truncationSide">;

/**
 * The encoding cut to `maxTokens` real tokens. At the right, which is usual: its first ones, and its last
 * `suffixTokens` ones, which close the text ([SEP]); a number says how many. At the left: its first
 * `prefixTokens` ones ([CLS]), and its last ones. Masked tokens go. An encoding that fits is returned as
 * it is. Throws InputError unless there is room for a token besides those that are kept.
 */
export function truncateEncoding(
  encoding: Encoding,
  maxTokens: number,
  rule: number | TruncationRule,
): Encoding {
  const kept = keptAtEnds(typeof rule === "number" ? { suffixTokens: rule } : rule);
  if (!Number.isSafeInteger(maxTokens) || maxTokens < kept.least) {
    throw new InputError(
      `maxTokens must be a whole number of at least ${kept.least} (the special tokens around a text and one more), got ${maxTokens}`,
    );
  }
  const count = countTokens(encoding);
  if (count <= maxTokens) return encoding;
  const head = kept.head ?? maxTokens - kept.tail;
  const tail = kept.head === undefined ? kept.tail : maxTokens - kept.head;
  const isKept = (rank: number): boolean => rank < head || rank >= count - tail;
  const places = realTokens(encoding).filter((_, rank) => isKept(rank));
  const { inputIds, tokenTypeIds, promptTokens } = encoding;
  return {
    inputIds: Int32Array.from(places, (i) => inputIds[i] ?? 0),
    ...(tokenTypeIds && { tokenTypeIds: Int32Array.from(places, (i) => tokenTypeIds[i] ?? 0) }),
    ...(promptTokens !== undefined && { promptTokens: Math.min(promptTokens, maxTokens) }),
  };
}

/** Least length that a tokenizer's texts may be cut to: its special tokens and one more. */
export function leastTokens(rule: TruncationRule): number {
  return keptAtEnds(rule).least;
}

/** Tokens kept for sure: `head` of them at the start (undefined: as many as there is room for), `tail` at the end. */
function keptAtEnds(rule: TruncationRule): { head?: number; tail: number; least: number } {
  const { suffixTokens, prefixTokens = 0 } = rule;
  if (rule.truncationSide !== "left") return { tail: suffixTokens, least: suffixTokens + 1 };
  return { head: prefixTokens, tail: suffixTokens, least: prefixTokens + suffixTokens + 1 };
}

function realTokens({ inputIds, attentionMask }: Encoding): number[] {
  return Array.from({ length: inputIds.length }, (_, i) => i).filter(
    (i) => attentionMask?.[i] !== 0,
  );
}
