/** A document that an engine found for a query. */
export interface Hit {
  readonly document: string;
  readonly score: number;
}

/** Relevance of the documents that were judged for one query; an absent document was not judged. */
export type Judged = ReadonlyMap<string, number>;

/** The measures in this folder use this many hits. */
export const cut = 10;

/**
 * The best hits first, sorted as by trec_eval: by score, and of equal scores the document whose id
 * comes last in the order of UTF-16 code units. The engine's own order does not count.
 */
export function ranked(hits: readonly Hit[]): Hit[] {
  return [...hits].sort(
    (a, b) =>
      b.score - a.score || Number(a.document < b.document) - Number(a.document > b.document),
  );
}

/**
 * The gain of a document: its relevance, as in trec_eval, and not 2^relevance − 1. 0 when it is
 * negative or not judged.
 */
function gain(judged: Judged, document: string): number {
  return Math.max(0, judged.get(document) ?? 0);
}

function discounted(gains: readonly number[]): number {
  return gains.slice(0, cut).reduce((sum, each, at) => sum + each / Math.log2(at + 2), 0);
}

/**
 * nDCG@10 of one query, trec_eval's ndcg_cut_10: Σ gain / log2(rank + 1) of the first ten hits,
 * ranks from 1, over the same sum for the best possible order of all judged documents. 0 when no
 * document is relevant.
 */
export function ndcg(hits: readonly Hit[], judged: Judged): number {
  const best = discounted(
    [...judged.values()].map((each) => Math.max(0, each)).sort((a, b) => b - a),
  );
  if (best === 0) return 0;
  return discounted(ranked(hits).map(({ document }) => gain(judged, document))) / best;
}

/**
 * 1 / rank of the first relevant hit among the first ten, else 0. Its mean over queries is MRR@10.
 */
export function reciprocalRank(hits: readonly Hit[], judged: Judged): number {
  const at = ranked(hits)
    .slice(0, cut)
    .findIndex(({ document }) => gain(judged, document) > 0);
  return at < 0 ? 0 : 1 / (at + 1);
}
