import type { EmbedBackend } from "./backend.js";
import type { Tokenizer } from "./encoding.js";
import { InputError } from "./errors.js";
import { kindOf } from "./kind-of.js";
import { EmbedJob, type JobSettings } from "./pipeline/embed-job.js";
import type { AbortSignalLike } from "./signal.js";
import { minTokensOf } from "./truncate-encoding.js";

export interface EmbedTextsOptions {
  /** Aborting rejects the pending pull with the signal's reason, at the latest when the batches that run are complete. */
  readonly signal?: AbortSignalLike | undefined;
  /**
   * What happens to a text with more than `maxTokens` tokens. "truncate", the default, cuts it at the tokenizer's
   * `truncationSide` and keeps special tokens; "error" throws TooLongError.
   */
  readonly overflow?: "truncate" | "error" | undefined;
  /** Text that is put in front of every text, such as "query: ". Default: none. */
  readonly prompt?: string | undefined;
  /** Limit of tokens in one text, with prompt and special tokens. Default and maximum: `maxTokens` of the backend. */
  readonly maxTokens?: number | undefined;
  /** Called after each batch with the totals so far. */
  readonly onProgress?: ((progress: EmbedProgress) => void) | undefined;
}

export interface EmbedProgress {
  /** Number of texts embedded, whether the consumer has taken them or not. */
  readonly texts: number;
  /** Number of tokens embedded. */
  readonly tokens: number;
}

export interface EmbeddedText {
  /** Position in the input, from 0. */
  readonly index: number;
  /** The text as it was given, without the prompt. */
  readonly text: string;
  /** Number of tokens embedded, with prompt and special tokens, without tokens that were cut off. */
  readonly tokens: number;
  readonly truncated: boolean;
  /** [backend.dim], in memory of its own. */
  readonly embedding: Float32Array;
}

/**
 * Embeds texts and yields them in input order. Texts are read ahead in text windows of a few batches and sorted by length
 * inside each, so that a batch holds texts of similar lengths. Up to `backend.maxInFlight` batches are in flight.
 * Several backends, which must be clones of one, each run batches of their own.
 *
 * Texts are read and tokenised only while the consumer pulls, and at most three text windows are held. The iteration ends at
 * the first error of the source, the tokenizer, the backend or `onProgress`, at an abort, and when the consumer leaves
 * the loop. Waiting batches are then dropped, the calls in flight are aborted, and the source is closed before the
 * generator ends. The backends stay open.
 *
 * Throws InputError for an option out of range, for a backend whose limits are not whole numbers of at least 1, and with
 * the index for a text that is not a string.
 */
export async function* embedTexts(
  backend: EmbedBackend | readonly EmbedBackend[],
  tokenizer: Tokenizer,
  texts: Iterable<string> | AsyncIterable<string>,
  options: EmbedTextsOptions = {},
): AsyncGenerator<EmbeddedText, void, undefined> {
  const job = new EmbedJob(resolveOptions(backend, tokenizer, texts, options));
  try {
    for (;;) {
      job.check();
      if (job.finished) return;
      job.read();
      const row = job.take();
      if (row) {
        const { index, text, tokens, truncated, embedding } = row;
        yield { index, text, tokens, truncated, embedding };
      } else await job.changed();
    }
  } finally {
    await job.stop();
  }
}

/** Checks the arguments of `embedTexts` and applies defaults. */
function resolveOptions(
  backend: EmbedBackend | readonly EmbedBackend[],
  tokenizer: Tokenizer,
  texts: unknown,
  options: EmbedTextsOptions,
): JobSettings {
  const { signal, overflow = "truncate", prompt = "", onProgress } = options;
  const backends = [backend].flat();
  if (backends.length === 0)
    throw new InputError("backend must be at least one backend, got an empty array");
  backends.forEach(checkLimits);
  if (overflow !== "truncate" && overflow !== "error") {
    throw new InputError(`overflow must be "truncate" or "error", got ${JSON.stringify(overflow)}`);
  }
  if (typeof prompt !== "string")
    throw new InputError(`prompt must be a string, got ${kindOf(prompt)}`);
  const min = minTokensOf(tokenizer);
  const max = Math.min(...backends.map((each) => each.maxTokens));
  const maxTokens = options.maxTokens ?? max;
  if (!Number.isSafeInteger(maxTokens) || maxTokens < min || maxTokens > max) {
    const range = min <= max ? `in ${min} … ${max}` : `of at least ${min}`;
    throw new InputError(`maxTokens must be a whole number ${range}, got ${maxTokens}`);
  }
  return { backends, tokenizer, texts, maxTokens, overflow, prompt, signal, onProgress };
}

/** A backend that an app wrote may lack a limit, and a comparison with undefined is never true. */
function checkLimits(backend: EmbedBackend): void {
  for (const name of ["maxBatch", "maxBatchTokens", "maxInFlight"] as const) {
    const value: unknown = backend[name];
    if (Number.isSafeInteger(value) && (value as number) >= 1) continue;
    const got = typeof value === "number" ? value : kindOf(value);
    throw new InputError(`backend.${name} must be a whole number of at least 1, got ${got}`);
  }
}
