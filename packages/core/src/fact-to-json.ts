/** A value from a model's config.json may be nested deeper than the call stack allows, and causes may form a cycle. */
export const maxDepth = 32;

/** Limit of the values in the fields of an error and of its causes. A value that is referred to twice counts twice. */
export const maxValues = 10_000;

/** Counts values up to `maxValues`. */
export class ValueBudget {
  #left = maxValues;

  /** Counts `count` more values, and returns true, if the limit allows them. */
  take(count: number): boolean {
    if (count > this.#left) return false;
    this.#left -= count;
    return true;
  }
}

const unreadable = "[unreadable]";

/** The result of `read`, or "[unreadable]" if it throws, as a getter and a revoked Proxy do. */
export function readable<T>(read: () => T): T | string {
  try {
    return read();
  } catch {
    return unreadable;
  }
}

/** A property, or "[unreadable]" if its getter throws. */
export function propertyOf(object: object, key: string): unknown {
  return readable(() => (object as Readonly<Record<string, unknown>>)[key]);
}

/**
 * A value as JSON has it. Values that JSON lacks become objects with the single key `$`: `{ "$": "NaN" }`, and
 * `{ "$": "12n" }` for a bigint. Keys of other objects that consist of `$` alone get one more. `factFromJson` restores
 * strings, numbers, booleans, bigints, null, undefined, arrays and plain objects of these exactly. Anything else, what is
 * nested deeper than 32 levels or exceeds the budget, and a reference to an enclosing object become a text such as
 * "[object Map]". What cannot be read becomes "[unreadable]".
 */
export function factToJson(value: unknown, budget: ValueBudget): unknown {
  return toJson(value, [], budget);
}

/** The properties with these keys, without those that are undefined. */
export function factsToJson(
  error: object,
  keys: readonly string[],
  budget: ValueBudget,
): Record<string, unknown> {
  const facts = keys.map((key) => [escaped(key), propertyOf(error, key)] as const);
  const defined = facts.filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined.map(([key, value]) => [key, factToJson(value, budget)]));
}

function toJson(value: unknown, parents: readonly object[], budget: ValueBudget): unknown {
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
      return value === null ? null : readable(() => objectToJson(value, parents, budget));
    default:
      return textOf(value);
  }
}

function objectToJson(value: object, parents: readonly object[], budget: ValueBudget): unknown {
  if (parents.length === maxDepth || parents.includes(value)) return textOf(value);
  const inner = [...parents, value];
  const item = (key: string) => toJson(propertyOf(value, key), inner, budget);
  if (Array.isArray(value)) {
    const { length } = value;
    if (!budget.take(length)) return textOf(value);
    return Array.from({ length }, (_, index) => item(String(index)));
  }
  if (!isPlain(value)) return textOf(value);
  const keys = Object.keys(value);
  if (!budget.take(keys.length)) return textOf(value);
  return Object.fromEntries(keys.map((key) => [escaped(key), item(key)]));
}

const escaped = (key: string): string => key.replace(/^\$+$/, "$&$$");

/** Of this realm or another one: an object whose prototype has none itself. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The kind of a value, such as "[object Map]". */
export function textOf(value: unknown): string {
  return readable(() => Object.prototype.toString.call(value));
}
