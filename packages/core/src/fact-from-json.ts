import { ArgumentError } from "./errors.js";
import { maxDepth, maxValues, type ValueBudget } from "./fact-to-json.js";

const specials: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["undefined", undefined],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["-0", -0],
]);

/** What `factToJson` was given. Throws ArgumentError for JSON beyond the limits of `factToJson`. */
export function factFromJson(json: unknown, budget: ValueBudget): unknown {
  return fromJson(json, 0, budget);
}

function fromJson(json: unknown, depth: number, budget: ValueBudget): unknown {
  if (typeof json !== "object" || json === null) return json;
  const entries = Object.entries(json);
  const [[key, text] = []] = entries;
  if (entries.length === 1 && key === "$" && typeof text === "string") return specialOf(text);
  if (depth === maxDepth) refuseJson(`must not be nested deeper than ${maxDepth} levels`);
  if (!budget.take(entries.length)) refuseJson(`must not have more than ${maxValues} values`);
  const items = entries.map(([key, item]) => [key, fromJson(item, depth + 1, budget)] as const);
  if (Array.isArray(json)) return items.map(([, item]) => item);
  return Object.fromEntries(items.map(([key, item]) => [unescaped(key), item]));
}

/** Throws the ArgumentError of `errorFromJSON`. */
export function refuseJson(reason: string): never {
  throw new ArgumentError({ op: "errorFromJSON", argument: "json", reason });
}

function specialOf(text: string): unknown {
  return /^-?\d+n$/.test(text) ? BigInt(text.slice(0, -1)) : specials.get(text);
}

/** The key that `factToJson` and `factsToJson` were given. */
export const unescaped = (key: string): string => key.replace(/^\$(\$+)$/, "$1");
