import type { Encoding, Tokenizer } from "./encoding.js";
import { InputError } from "./errors.js";
import { countTokens } from "./pack-batch.js";

/** The properties of a tokenizer that truncation needs. */
export type TruncationRule = Pick<Tokenizer, "suffixTokens" | "prefixTokens" | "truncationSide">;

/**
 * Cuts an encoding to `maxTokens` real tokens. Truncation at the right, which is the default, keeps the first tokens and
 * the last `suffixTokens` tokens, which close the text ([SEP]); a number as `rule` is that count. Truncation at the left
 * keeps the first `prefixTokens` tokens ([CLS]) and the last tokens. Masked tokens are left out. An encoding that fits is
 * returned unchanged. Throws InputError unless `maxTokens` exceeds the number of special tokens that are kept.
 */
export function truncateEncoding(
  encoding: Encoding,
  maxTokens: number,
  rule: number | TruncationRule,
): Encoding {
  const kept = keptAtEnds(typeof rule === "number" ? { suffixTokens: rule } : rule);
  if (!Number.isSafeInteger(maxTokens) || maxTokens < kept.min) {
    throw new InputError(
      `maxTokens must be a whole number of at least ${kept.min} (the special tokens of a text and one more), got ${maxTokens}`,
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

/** Smallest number of tokens to which a text may be cut: its special tokens and one more. */
export function minTokensOf(rule: TruncationRule): number {
  return keptAtEnds(rule).min;
}

/** Number of tokens that are always kept at the start and at the end. `head` undefined: all that the limit allows. */
function keptAtEnds(rule: TruncationRule): { head?: number; tail: number; min: number } {
  const { suffixTokens, prefixTokens = 0 } = rule;
  if (rule.truncationSide !== "left") return { tail: suffixTokens, min: suffixTokens + 1 };
  return { head: prefixTokens, tail: suffixTokens, min: prefixTokens + suffixTokens + 1 };
}

function realTokens({ inputIds, attentionMask }: Encoding): number[] {
  return Array.from({ length: inputIds.length }, (_, i) => i).filter(
    (i) => attentionMask?.[i] !== 0,
  );
}
