import type { Found } from "./found.js";
import { ndcg, reciprocalRank } from "./metrics.js";
import { mean, standardError } from "./statistics.js";
import type { Yardstick } from "./yardstick.js";

/** The results of one engine on one yardstick. */
export interface Score {
  readonly yardstick: string;
  readonly engine: string;
  readonly ndcg: number;
  /** Standard error of the mean over queries. */
  readonly ndcgError: number;
  readonly mrr: number;
  readonly seconds: number;
  readonly tokensPerSecond: number | null;
  /** Documents that the model truncated. */
  readonly truncated: number | null;
  /** nDCG@10 of each query, in the order of the yardstick. */
  readonly ofQueries: readonly number[];
}

/** A query without hits counts as 0. */
export function score(engine: string, yardstick: Yardstick, found: Found): Score {
  const ofQueries = each(yardstick, found, ndcg);
  const { seconds, tokens, truncated } = found;
  return {
    yardstick: yardstick.name,
    engine,
    ndcg: mean(ofQueries),
    ndcgError: standardError(ofQueries),
    mrr: mean(each(yardstick, found, reciprocalRank)),
    seconds,
    tokensPerSecond: tokens === undefined ? null : tokens / seconds,
    truncated: truncated ?? null,
    ofQueries,
  };
}

function each({ queries, judgements }: Yardstick, { hits }: Found, measure: typeof ndcg): number[] {
  return queries.map(({ id }) => measure(hits.get(id) ?? [], judgements.get(id) ?? new Map()));
}
