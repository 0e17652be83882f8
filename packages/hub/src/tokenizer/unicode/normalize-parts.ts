import { includes } from "./code-point-set.js";
import { decodeSet } from "./decode.js";
import { normalizationCuts } from "./generated/normalization-cuts.js";
import { lazy } from "./lazy.js";
import { lazyRegExp } from "./sets.js";

export type NormalForm = "NFC" | "NFD" | "NFKC" | "NFKD";

const cuts = lazy(() => decodeSet(normalizationCuts));

const betweenCuts = lazyRegExp([cuts], (body) => `[^${body}]+`);

/**
 * Normalises by the tables of the reference, which are those of an old Unicode version: a character that it does not
 * know stays, and combines with nothing. What lies between such characters every later version normalises alike.
 * Takes quadratic time where many marks stand in a row.
 */
export function normalizeParts(text: string, form: NormalForm): string {
  return text.replace(betweenCuts(), (part) => part.normalize(form));
}

/** Whether a character is one that stays, and combines with nothing. */
export function isNormalizationCut(character: string): boolean {
  return includes(cuts(), character.codePointAt(0) ?? 0);
}
