import { LongNormalForm } from "./long-normal-form.js";
import { type NormalForm, normalizeParts } from "./normalize-parts.js";

const isAscii = /^[\0-\x7f]*$/;

/** A shorter text cannot have more consecutive marks than engines sort in acceptable time. */
const longText = 512;
/** Two letters, the half-width voicing marks, decompose to marks in NFKC and NFKD. */
const longMarkRun = /[\p{M}\uff9e\uff9f]{128}/u;

/** Normalises as `normalizeParts` does, in linear time. */
export function normalForm(text: string, form: NormalForm): string {
  if (isAscii.test(text)) return text;
  if (text.length < longText || !longMarkRun.test(text)) return normalizeParts(text, form);
  const long = new LongNormalForm(form);
  return [...long.add(text), ...long.end()].join("");
}
