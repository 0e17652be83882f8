import { wellFormed } from "./fields.js";
import { blocksOf } from "./stream/stage.js";
import type { TokenStream } from "./stream/token-stream.js";

export interface PartIds {
  readonly ids: readonly number[];
  /** Number of ids, those that were left out included; only the least where `isWhole` is false. */
  readonly tokens: number;
  readonly isWhole: boolean;
}

/**
 * The first ids of a text, more than `maxTokens` if it has more, or its last ones. Reads no further than these need; for
 * the last ones, the whole text. The parts of the text cut no surrogate pair. Yields where it may pause.
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
