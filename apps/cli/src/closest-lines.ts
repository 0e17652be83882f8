import { embedTexts } from "@ripvec/core";
import { cosine } from "./embedder/similarity.js";
import { TopRanked } from "./rank.js";
import type { Session } from "./session.js";
import { type SnippetLine, snippets, withSentenceEnd } from "./snippet.js";

interface ClosestLinesOptions {
  readonly queryVector: Float32Array;
  /** The prompt, which is put before every text. */
  readonly prompt: string;
  readonly signal: AbortSignal;
}

/**
 * The few lines of a chunk whose own vector is closest to the query. They need not share a word
 * with it. Lines without tokens have no vector, which can happen although their passage has tokens.
 * A sentence that continues below the lines is shown to its end, with at most two more lines.
 */
export async function closestLines(
  chunk: { readonly text: string; readonly from: number },
  { model, backend }: Pick<Session, "model" | "backend">,
  { queryVector, prompt, signal }: ClosestLinesOptions,
): Promise<readonly SnippetLine[]> {
  const all = snippets(chunk);
  const [only = []] = all;
  if (all.length <= 1) return only;
  const candidates = all
    .map((lines) => ({ lines, text: lines.map(({ text }) => text).join("\n") }))
    .filter(({ text }) => model.tokenizer.encode(prompt + text).inputIds.length > 0);
  const texts = candidates.map(({ text }) => text);
  const best = new TopRanked<readonly SnippetLine[]>(1);
  for await (const row of embedTexts(backend, model.tokenizer, texts, { signal, prompt })) {
    best.add(cosine(queryVector, row.embedding), candidates[row.index]?.lines ?? only);
  }
  return withSentenceEnd(chunk, best.ranked()[0]?.item ?? only);
}
