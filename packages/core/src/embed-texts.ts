import type { EmbedBackend } from "./backend.js";
import type { Tokenizer } from "./encoding.js";
import { InputError } from "./errors.js";
import { EmbedJob, type JobSettings } from "./pipeline/embed-job.js";
import type { AbortSignalLike } from "./signal.js";
import { leastTokens } from "./truncate-encoding.js";

export interface EmbedTextsOptions {
  /** Aborting makes the pending pull reject with the signal's reason, within one batch. */
  readonly signal?: AbortSignalLike | undefined;
  /** What happens to a text above `maxTokens`: cut at the tokenizer's `truncationSide`, special tokens kept, or TooLongError. Default "truncate". */
  readonly overflow?: "truncate" | "error" | undefined;
  /** Put before every text, such as "query: ". */
  readonly prompt?: string | undefined;
  /** Tokens of one text with prompt and special tokens; default and upper limit: the backend's. */
  readonly maxTokens?: number | undefined;
  /** Called after each batch with the totals so far. */
  readonly onProgress?: ((progress: EmbedProgress) => void) | undefined;
}

export interface EmbedProgress {
  /** Texts embedded, whether taken yet or not. */
  readonly texts: number;
  /** Tokens embedded. */
  readonly tokens: number;
}

export interface EmbeddedText {
  /** Place in the input, from 0. */
  readonly index: number;
  /** As it came, without the prompt. */
  readonly text: string;
  /** Tokens embedded: prompt and special tokens included, what was cut off not. */
  readonly tokens: number;
  readonly truncated: boolean;
  /** [backend.dim], memory of its own. */
  readonly embedding: Float32Array;
}

/**
 * Embeds texts and yields them in input order. Texts are read ahead by windows of a few batches,
 * sorted by length inside a window so that a batch holds texts of like lengths, and run with up to
 * `backend.maxInFlight` batches in flight. Given several backends (clones of one), each works on
 * batches of its own.
 *
 * Reading and tokenising go on only while the consumer pulls: at most three windows are held. The
 * first error (of the source, the tokenizer, the backend, or `onProgress`) or an abort ends the
 * iteration; so does leaving the loop early. Then waiting batches are dropped, the calls in flight
 * are aborted, and the source is closed before the generator ends. The backends stay open.
 *
 * Throws InputError with the index at a text that is no string.
 */
export async function* embedTexts(
  backend: EmbedBackend | readonly EmbedBackend[],
  tokenizer: Tokenizer,
  texts: Iterable<string> | AsyncIterable<string>,
  options: EmbedTextsOptions = {},
): AsyncGenerator<EmbeddedText, void, undefined> {
  const job = new EmbedJob(settle(backend, tokenizer, texts, options));
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

function settle(
  backend: EmbedBackend | readonly EmbedBackend[],
  tokenizer: Tokenizer,
  texts: unknown,
  options: EmbedTextsOptions,
): JobSettings {
  const { signal, overflow = "truncate", prompt = "", onProgress } = options;
  const backends = [backend].flat();
  if (backends.length === 0) throw new InputError("embedTexts needs a backend");
  if (overflow !== "truncate" && overflow !== "error") {
    throw new InputError(`overflow must be "truncate" or "error", got ${JSON.stringify(overflow)}`);
  }
  if (typeof prompt !== "string") throw new InputError("prompt must be a string");
  const least = leastTokens(tokenizer);
  const most = Math.min(...backends.map((each) => each.maxTokens));
  const maxTokens = options.maxTokens ?? most;
  if (!Number.isSafeInteger(maxTokens) || maxTokens < least || maxTokens > most) {
    const range = least <= most ? `in ${least} … ${most}` : `from ${least}`;
    throw new InputError(`maxTokens must be a whole number ${range}, got ${maxTokens}`);
  }
  return { backends, tokenizer, texts, maxTokens, overflow, prompt, signal, onProgress };
}
