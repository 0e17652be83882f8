/**
 * Values that JSON lacks are objects with the single key `$`: `{ "$": "NaN" }`, and `{ "$": "12n" }` for a bigint. Keys
 * of other objects that consist of `$` alone get one more.
 */
const specials: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["undefined", undefined],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["-0", -0],
]);

/** A value from a model's config.json may be nested deeper than the call stack allows. */
const maxDepth = 32;

/**
 * A value as JSON has it. `factFromJson` restores strings, numbers, booleans, bigints, null, undefined, arrays and
 * plain objects of these exactly. Anything else, what is nested deeper than 32 levels, and a reference to an enclosing
 * object become a text such as "[object Map]".
 */
export function factToJson(value: unknown): unknown {
  return toJson(value, []);
}

/** The properties, without those that are undefined. */
export function factsToJson(facts: object): Record<string, unknown> {
  const defined = Object.entries(facts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined.map(([key, value]) => [key, factToJson(value)]));
}

function toJson(value: unknown, parents: readonly object[]): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Object.is(value, -0)) return { $: "-0" };
      return Number.isFinite(value) ? value : { $: String(value) };
    case "bigint":
      return { $: `${value}n` };
    case "undefined":
      return { $: "undefined" };
    case "object":
      return value === null ? null : objectToJson(value, parents);
    default:
      return textOf(value);
  }
}

function objectToJson(value: object, parents: readonly object[]): unknown {
  if (parents.length === maxDepth || parents.includes(value)) return textOf(value);
  const inner = [...parents, value];
  if (Array.isArray(value)) return Array.from(value, (item) => toJson(item, inner));
  if (!isPlain(value)) return textOf(value);
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, item]) => [escaped(key), toJson(item, inner)]));
}

/** What `factToJson` was given. */
export function factFromJson(json: unknown): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(factFromJson);
  const entries = Object.entries(json);
  const [[key, text] = []] = entries;
  if (entries.length === 1 && key === "$") return specialOf(String(text));
  return Object.fromEntries(entries.map(([key, item]) => [unescaped(key), factFromJson(item)]));
}

function specialOf(text: string): unknown {
  return /^-?\d+n$/.test(text) ? BigInt(text.slice(0, -1)) : specials.get(text);
}

const escaped = (key: string): string => key.replace(/^\$+$/, "$&$$");
const unescaped = (key: string): string => key.replace(/^\$(\$+)$/, "$1");

/** Of this realm or another one: an object whose prototype has none itself. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

const textOf = (value: unknown): string => Object.prototype.toString.call(value);
