import { wellFormed } from "./fields.js";
import { blocksOf } from "./stream/stage.js";
import type { TokenStream } from "./stream/token-stream.js";

export interface PartIds {
  readonly ids: readonly number[];
  /** Number of ids, including those that were left out. A lower bound when `isWhole` is false. */
  readonly tokens: number;
  readonly isWhole: boolean;
}

/**
 * The first ids of a text, at least one more than `maxTokens` if the text has so many, or its last
 * ids. Reads no more of the text than these need; for the last ids, the whole text. The parts of
 * the text do not split surrogate pairs. Yields where the caller may pause.
 */
export function* encodeParts(
  stream: TokenStream,
  parts: readonly string[],
  { maxTokens, side }: { readonly maxTokens: number; readonly side: "left" | "right" },
): Generator<undefined, PartIds, undefined> {
  const ids: number[] = [];
  let dropped = 0;
  for (const _ of steps(stream, parts, ids)) {
    if (ids.length > maxTokens) {
      if (side === "right") return { ids, tokens: ids.length, isWhole: false };
      if (ids.length > 4 * maxTokens) dropped += ids.splice(0, ids.length - maxTokens - 1).length;
    }
    yield;
  }
  return { ids, tokens: dropped + ids.length, isWhole: true };
}

function* steps(
  stream: TokenStream,
  parts: readonly string[],
  ids: number[],
): Generator<undefined, void, undefined> {
  const first = yield* stream(ids);
  for (const part of parts) {
    for (const block of blocksOf(part)) {
      yield* first.text(wellFormed(block));
      yield;
    }
  }
  yield* first.end();
}
