/**
 * Deeper than any model file nests. A few thousand levels would overflow the stack of code that
 * walks the value.
 */
export const maxJsonDepth = 100;

/** Long lists of a tokenizer. Their entries are checked one by one where they are read. */
const flatLists = new Set(["vocab", "merges"]);

/** Whether a parsed JSON value nests lists and objects more than `maxJsonDepth` deep. */
export function isTooDeep(json: unknown): boolean {
  let level = [json];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxJsonDepth) return true;
    level = level.flatMap(inner);
  }
  return false;
}

function inner(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value;
  return Object.entries(value).flatMap(([key, item]) => (flatLists.has(key) ? [] : [item]));
}

/**
 * Limits on the lists, objects and commas in a large JSON text. The largest tokenizers have a
 * quarter of these.
 */
const maxContainers = 2_000_000;
const maxCommas = 8_000_000;
/** A shorter text cannot exceed the limits. */
const smallText = 2 * maxContainers;

/**
 * Whether a JSON text would take far more memory when parsed. Characters inside strings are counted
 * as well.
 */
export function hasTooManyValues(text: string): boolean {
  if (text.length < smallText) return false;
  let containers = 0;
  let commas = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x2c) commas++;
    else if (unit === 0x5b || unit === 0x7b) containers++;
  }
  return containers > maxContainers || commas > maxCommas;
}
