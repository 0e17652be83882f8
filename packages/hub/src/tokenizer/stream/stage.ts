import { sizeAt } from "../unicode/size-at.js";

/**
 * A step of a tokenizer that receives its text in short, well-formed parts and passes on results
 * when they are final. The start of a long text is therefore encoded without reading the rest. Each
 * method yields where the caller may pause, after about a millisecond of work at most.
 */
export interface Stage {
  text(part: string): Steps;
  /** The text ends here; the next part belongs to another text. */
  end(): Steps;
}

/** The work runs while the result is iterated. */
export type Steps = Iterable<undefined>;

export const noSteps: Steps = [];

/** Puts a stage before another one. */
export type StageMaker = (next: Stage) => Stage;

export const inSequence =
  (makers: readonly StageMaker[]): StageMaker =>
  (last) =>
    makers.reduceRight((next, make) => make(next), last);

/** Length of a block, in UTF-16 units. */
const maxBlock = 1_024;

/** Characters that a loop may process before it yields. */
export const stepLength = 2_048;

/** The parts of a text, which are adjacent and do not split surrogate pairs. */
export function* blocksOf(text: string): Generator<string, void, undefined> {
  for (let start = 0; start < text.length; ) {
    const end = wholeEnd(text, start + maxBlock);
    yield text.slice(start, end);
    start = end;
  }
}

/** `end`, or one more where `end` would split a surrogate pair. */
function wholeEnd(text: string, end: number): number {
  if (end >= text.length) return text.length;
  return sizeAt(text, end - 1) === 2 ? end + 1 : end;
}

/** Passes on a text of any length. */
export function* passOn(next: Stage, text: string): Steps {
  if (text.length <= maxBlock) {
    if (text !== "") yield* next.text(text);
    return;
  }
  for (const block of blocksOf(text)) {
    yield* next.text(block);
    yield;
  }
}
