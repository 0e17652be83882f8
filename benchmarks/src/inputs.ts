import { randomEncodings } from "./encodings.js";
import type { Input } from "./engines/engine.js";
import type { Load } from "./loads.js";
import { textsOf } from "./texts/texts.js";

/**
 * The first id of a word in BERT's uncased vocabulary; the ids below are special and unused ones.
 */
export const vocabSize = 30_522;
const firstId = 1000;

/** Seeded: every engine, run and process gets identical inputs. */
export function inputOf({ input, lengths }: Load): Input {
  return input === "ids"
    ? { kind: input, encodings: randomEncodings(lengths, { seed: 1, vocabSize, firstId }) }
    : { kind: input, texts: textsOf(lengths) };
}
