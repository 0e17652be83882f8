import type { JsonObject } from "@ripvec/core/arch";
import { optional, readBoolean, readString } from "../fields.js";
import { sizeAt } from "../unicode/size-at.js";
import { byteIds } from "./byte-ids.js";
import { readUnknownId, type Vocabulary } from "./vocabulary.js";

/** How a BPE model turns a word into the ids that are then merged. */
export interface SymbolRules {
  readonly vocabulary: Vocabulary;
  /** Put before every character except the first. */
  readonly prefix: string;
  /** Put after the last character. */
  readonly suffix: string;
  readonly unknown: number | undefined;
  /** Whether consecutive unknown characters become one token. */
  readonly fuse: boolean;
  /** The ids of the bytes of an unknown character. */
  readonly bytesOf: (text: string) => readonly number[] | undefined;
}

export function readSymbolRules(
  json: JsonObject,
  vocabulary: Vocabulary,
  prefix: string,
): SymbolRules {
  const fallback = optional(json.byte_fallback, false, readBoolean, "model.byte_fallback");
  return {
    vocabulary,
    prefix,
    suffix: optional(json.end_of_word_suffix, "", readString, "model.end_of_word_suffix"),
    unknown: optional<number | undefined>(
      json.unk_token,
      undefined,
      () => readUnknownId(json, vocabulary),
      "",
    ),
    fuse: optional(json.fuse_unk, false, readBoolean, "model.fuse_unk"),
    bytesOf: fallback ? byteIds(vocabulary) : () => undefined,
  };
}

/** Turns one word, which may arrive in parts, into ids. */
export class WordSymbols {
  readonly #rules: SymbolRules;
  #symbols: number[] = [];
  #isFirst = true;
  /** The character that is not looked up yet, because it may be the last. */
  #last = "";
  /** An unknown token that is not written yet, because it may fuse with the next one. */
  #isPending = false;

  constructor(rules: SymbolRules) {
    this.#rules = rules;
  }

  /** `text` does not split surrogate pairs. */
  add(text: string): void {
    for (const character of text) {
      if (this.#last !== "") this.#addCharacter(this.#last, "");
      this.#last = character;
    }
  }

  /** The ids that became final since the last call. */
  take(): number[] {
    const symbols = this.#symbols;
    this.#symbols = [];
    return symbols;
  }

  /** The ids that `take` did not return, to the end of the word. */
  end(): number[] {
    if (this.#last !== "") this.#addCharacter(this.#last, this.#rules.suffix);
    if (this.#isPending) this.#addUnknown();
    return this.take();
  }

  #addCharacter(character: string, suffix: string): void {
    const { prefix, vocabulary, fuse, unknown, bytesOf } = this.#rules;
    const symbol = (this.#isFirst ? "" : prefix) + character + suffix;
    this.#isFirst = false;
    const id = vocabulary.get(symbol);
    // Bytes do not end a run of unknown characters and are written before it, as in the reference.
    const bytes = id === undefined ? bytesOf(symbol) : undefined;
    if (bytes) for (const byte of bytes) this.#symbols.push(byte);
    else if (id !== undefined) {
      if (this.#isPending) this.#addUnknown();
      this.#isPending = false;
      this.#symbols.push(id);
    } else if (unknown !== undefined) {
      if (this.#isPending && !fuse) this.#addUnknown();
      this.#isPending = true;
    }
  }

  #addUnknown(): void {
    if (this.#rules.unknown !== undefined) this.#symbols.push(this.#rules.unknown);
  }
}

/** Every id that a character or a byte may become, and undefined for the other tokens. */
export function* baseIds(
  vocabulary: Vocabulary,
  { prefix, suffix, unknown }: SymbolRules,
): Generator<number | undefined, void, undefined> {
  yield unknown;
  const longest = Math.max(prefix.length + 2 + suffix.length, "<0x00>".length);
  for (const [token, id] of vocabulary) {
    yield token.length <= longest && isSymbol(token, prefix, suffix) ? id : undefined;
  }
}

/** Whether a token is a byte, or one character with or without the prefix or the suffix. */
function isSymbol(token: string, prefix: string, suffix: string): boolean {
  if (/^<0x[0-9A-F]{2}>$/.test(token)) return true;
  const begins = token.startsWith(prefix) ? [token, token.slice(prefix.length)] : [token];
  return begins.some((rest) => {
    const bare = rest.endsWith(suffix) ? rest.slice(0, rest.length - suffix.length) : rest;
    return isOneCharacter(rest) || isOneCharacter(bare);
  });
}

const isOneCharacter = (text: string): boolean =>
  text.length > 0 && text.length === sizeAt(text, 0);
