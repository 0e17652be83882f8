import type { Normalizer } from "../steps.js";

// biome-ignore lint/suspicious/noControlCharactersInRegex: the step removes these characters
const controls = /[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]/g;
const spaces = /[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/g;

/** The cleaning of SentencePiece's `nmt` rules. */
export const nmt: Normalizer = (text) => text.replace(controls, "").replace(spaces, " ");
