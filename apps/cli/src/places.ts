import type { Hit } from "./render.js";

type Place = Pick<Hit, "path" | "pathBytes" | "from" | "to">;

/** Number of hits to rank so that probably `count` are left after adjacent ones are merged. */
export const candidatesFor = (count: number): number => 4 * count + 16;

/**
 * The first `count` of `hits`, best first, without those that overlap or adjoin a better one that
 * is kept.
 */
export function distinctPlaces<T extends Place>(hits: Iterable<T>, count: number): T[] {
  const kept: T[] = [];
  for (const hit of hits) {
    if (kept.length === count) break;
    if (!kept.some((better) => isSamePlace(hit, better))) kept.push(hit);
  }
  return kept;
}

const isSamePlace = (a: Place, b: Place): boolean =>
  a.path === b.path && a.pathBytes === b.pathBytes && a.from <= b.to + 1 && b.from <= a.to + 1;
