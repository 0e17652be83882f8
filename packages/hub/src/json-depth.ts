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

/** Lists, objects and commas that a large JSON text may have: the largest tokenizers have a fourth of that. */
const maxContainers = 2_000_000;
const maxCommas = 8_000_000;
/** Shorter texts cannot have too many. */
const smallText = 2 * maxContainers;

/** Whether a JSON text would become far larger in memory than it is. Characters in strings count as well. */
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
