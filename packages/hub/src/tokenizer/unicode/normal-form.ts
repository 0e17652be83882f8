import { decodeSet } from "./decode.js";
import { normalizationCuts } from "./generated/normalization-cuts.js";
import { lazy } from "./lazy.js";
import { lazyRegExp } from "./sets.js";

export type NormalForm = "NFC" | "NFD" | "NFKC" | "NFKD";

const isAscii = /^[\0-\x7f]*$/;

const betweenCuts = lazyRegExp([lazy(() => decodeSet(normalizationCuts))], (cuts) => `[^${cuts}]+`);

/**
 * Normalises by the tables of the reference, which are those of an old Unicode version: a character that it does not
 * know stays, and combines with nothing. What lies between such characters every later version normalises alike.
 */
export function normalForm(text: string, form: NormalForm): string {
  if (isAscii.test(text)) return text;
  return text.replace(betweenCuts(), (part) => part.normalize(form));
}
