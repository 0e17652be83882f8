import { includes } from "./code-point-set.js";
import { decodeSet } from "./decode.js";
import { normalizationCuts } from "./generated/normalization-cuts.js";
import { lazy } from "./lazy.js";
import { lazyRegExp } from "./sets.js";

export type NormalForm = "NFC" | "NFD" | "NFKC" | "NFKD";

const cuts = lazy(() => decodeSet(normalizationCuts));

const betweenCuts = lazyRegExp([cuts], (body) => `[^${body}]+`);

/**
 * Normalises by the tables of the reference, which are those of an old Unicode version: a character
 * unknown to it stays unchanged, and combines with nothing. Text between such characters normalises
 * alike in every later version. Takes quadratic time for long runs of marks.
 */
export function normalizeParts(text: string, form: NormalForm): string {
  return text.replace(betweenCuts(), (part) => part.normalize(form));
}

/** Whether a character stays unchanged and combines with nothing. */
export function isNormalizationCut(character: string): boolean {
  return includes(cuts(), character.codePointAt(0) ?? 0);
}
