/** More than any model file nests; a few thousand levels would exhaust the stack of whoever walks the value. */
export const maxJsonDepth = 100;

/** Long lists of a tokenizer, whose entries are checked one by one where they are read. */
const flatLists = new Set(["vocab", "merges"]);

/** Whether lists and objects of a parsed JSON text lie in each other more than `maxJsonDepth` times. */
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
