import { isNonStarter, OrderedMarks } from "./combining-classes.js";
import { isNormalizationCut, type NormalForm, normalizeParts } from "./normalize-parts.js";

/** Longer runs of marks are sorted here, because engines take quadratic time for them. */
const longRun = 128;
/**
 * No character composes with more marks of one class than this, so the other marks stay unchanged.
 */
const maxComposed = 32;
/** No character composes with one that is further away, marks aside. */
const reach = 8;
/** Characters that a loop processes before it yields. */
const stepLength = 2_048;

/**
 * Normalises a text that arrives in parts, in linear time. Yields results that are final, and
 * undefined where the caller may pause.
 */
export class LongNormalForm {
  readonly #form: NormalForm;
  /** Text that the following text may change. */
  #held = "";
  /** A run of marks, once it is long; `#held` is then the text before it. */
  #run: OrderedMarks | undefined;

  constructor(form: NormalForm) {
    this.#form = form;
  }

  /** `text` does not split surrogate pairs. */
  *add(text: string): Generator<string | undefined, void, undefined> {
    for (let start = 0; start < text.length; ) {
      const end = Math.min(start + longRun, text.length);
      const whole = isLowSurrogate(text, end) ? end + 1 : end;
      yield* this.#addPart(text.slice(start, whole));
      start = whole;
    }
  }

  *#addPart(part: string): Generator<string | undefined, void, undefined> {
    let rest = part;
    if (this.#run) {
      rest = rest.slice(this.#addMarks(this.#run, rest));
      yield;
      if (rest === "") return;
      yield* this.end();
    }
    this.#held += rest;
    const cut = this.#lastCut();
    if (cut > 0) {
      yield normalizeParts(this.#held.slice(0, cut), this.#form);
      this.#held = this.#held.slice(cut);
    } else if (this.#held.length >= longRun) this.#beginRun();
  }

  *end(): Generator<string | undefined, void, undefined> {
    const [held, run] = [this.#held, this.#run];
    this.#held = "";
    this.#run = undefined;
    if (run) yield* this.#ordered(held, run);
    else if (held !== "") yield normalizeParts(held, this.#form);
  }

  /** The last position where both sides normalise independently, or 0. */
  #lastCut(): number {
    const text = this.#held;
    for (let at = text.length - 1; at > 0; at--) {
      if (isLowSurrogate(text, at)) continue;
      if (this.#canCut(text, at)) return at;
    }
    return 0;
  }

  #canCut(text: string, at: number): boolean {
    const next = characterAt(text, at);
    if (isNormalizationCut(next)) return true;
    if (!this.#mayCombine(next)) return true;
    if (this.#isMark(next)) return isNormalizationCut(characterBefore(text, at));
    const before = text.slice(wellFormedStart(text, Math.max(0, at - reach)), at);
    const apart = before.normalize(this.#form) + next.normalize(this.#form);
    return (before + next).normalize(this.#form) === apart;
  }

  /** Whether a character may change together with the text before it. */
  #mayCombine(character: string): boolean {
    return /^[\p{M}\u1160-\u11ff]/u.test(this.#decomposed(character));
  }

  #isMark(character: string): boolean {
    return isNonStarter(characterAt(this.#decomposed(character), 0));
  }

  #decomposed(character: string): string {
    return character.normalize(this.#form.startsWith("NFK") ? "NFKD" : "NFD");
  }

  /** Starts a run with the marks at the end of `#held`. The text before them is short. */
  #beginRun(): void {
    const text = this.#held;
    let start = text.length;
    while (start > 0) {
      const character = characterBefore(text, start);
      if (isNormalizationCut(character) || !this.#isMark(character)) break;
      start -= character.length;
    }
    if (text.length - start < longRun / 2) return;
    this.#held = text.slice(0, start);
    this.#run = new OrderedMarks();
    this.#addMarks(this.#run, text.slice(start));
  }

  /** Adds the marks at the start of `text`, and returns where they end. */
  #addMarks(run: OrderedMarks, text: string): number {
    let at = 0;
    while (at < text.length) {
      const character = characterAt(text, at);
      if (isNormalizationCut(character) || !this.#isMark(character)) break;
      for (const mark of this.#decomposed(character)) run.add(mark);
      at += character.length;
    }
    return at;
  }

  /** `start` and the marks after it in canonical order. */
  *#ordered(start: string, run: OrderedMarks): Generator<string | undefined, void, undefined> {
    const composing = run.classes.flatMap((marks) => marks.slice(0, maxComposed)).join("");
    const composed = normalizeParts(start + composing, this.#form);
    let tail = composed.length;
    const left = new Map<readonly string[], string>();
    while (tail > 0) {
      const character = characterBefore(composed, tail);
      if (!isNonStarter(character)) break;
      const marks = run.of(character);
      left.set(marks, character + (left.get(marks) ?? ""));
      tail -= character.length;
    }
    yield composed.slice(0, tail);
    for (const marks of run.classes) {
      yield left.get(marks) ?? "";
      for (let from = maxComposed; from < marks.length; from += stepLength) {
        yield marks.slice(from, Math.min(from + stepLength, marks.length)).join("");
      }
    }
  }
}

const characterAt = (text: string, at: number): string =>
  String.fromCodePoint(text.codePointAt(at) ?? 0);

function characterBefore(text: string, end: number): string {
  return text.slice(isLowSurrogate(text, end - 1) ? end - 2 : end - 1, end);
}

const wellFormedStart = (text: string, at: number): number =>
  isLowSurrogate(text, at) ? at + 1 : at;

/** Whether the second half of a surrogate pair is at the position. */
const isLowSurrogate = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit < 0xe000;
};
