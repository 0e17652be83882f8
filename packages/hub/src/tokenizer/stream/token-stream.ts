import type { JsonObject } from "@ripvec/core/arch";
import type { AddedVocabulary } from "../added-vocabulary.js";
import type { TokenModel } from "../steps.js";
import { lazy } from "../unicode/lazy.js";
import { Finding } from "./finding.js";
import { Modelling } from "./modelling.js";
import { normalizerStages } from "./normalizer-stages.js";
import { preTokenizerStages, type TextPlace } from "./pre-tokenizer-stages.js";
import type { Stage } from "./stage.js";

export interface TokenStreamOptions {
  readonly model: TokenModel;
  readonly added: AddedVocabulary;
  /** As in `createStartTest`. */
  readonly startLength: (text: string) => number;
}

/**
 * The steps of a tokenizer for a text that arrives in parts: `text` and `end` append to `ids` the
 * ids that are final. Yields where the caller may pause, also while tables are built for the first
 * time.
 */
export type TokenStream = (ids: number[]) => Generator<undefined, Stage, undefined>;

export function createTokenStream(
  json: JsonObject,
  { model, added, startLength }: TokenStreamOptions,
): TokenStream {
  const normalizer = lazy(() => normalizerStages(json.normalizer));
  const preTokenizer = lazy(() => preTokenizerStages(json.pre_tokenizer));
  return function* (ids) {
    const normalize = normalizer();
    yield;
    const preTokenize = preTokenizer();
    yield;
    const place: TextPlace = { atStart: false };
    /**
     * UTF-16 units at the start of a normalised text that come from the first character of the
     * whole text.
     */
    let units = 0;
    const cut = preTokenize(place)(new Modelling(model, ids));
    const normalized = new Finding(added.normalized, {
      *plain(text, start, isFirst) {
        if (isFirst) place.atStart = start < units;
        yield* cut.text(text);
      },
      plainEnd: () => cut.end(),
      token: (id) => void ids.push(id),
    });
    const normalizing = normalize({
      text: (part) => normalized.text(part),
      *end() {
        yield* normalized.end();
        units = 0;
      },
    });
    return new Finding(added.raw, {
      *plain(text, start, isFirst) {
        if (isFirst && start === 0) units = startLength(text);
        yield* normalizing.text(text);
      },
      plainEnd: () => normalizing.end(),
      token: (id) => void ids.push(id),
    });
  };
}
