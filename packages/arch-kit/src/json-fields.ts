import { ModelFileError, UnsupportedError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";

/** No dimension of a tensor is larger. */
const largestCount = 2 ** 31 - 1;

/**
 * Reads the fields of a JSON object in a model's files. A method throws ModelFileError with the file and the key if the
 * value has another type or range. A field that is null counts as absent. `fallback` is the value of an absent field;
 * without a fallback the field is required.
 */
export class JsonFields {
  readonly #path: string;
  readonly #json: JsonObject;

  /** `path` names the file in messages. */
  constructor(path: string, json: JsonObject) {
    this.#path = path;
    this.#json = json;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /** The value as it is in the file; undefined for null. */
  get(key: string): unknown {
    return this.#json[key] ?? undefined;
  }

  /**
   * The first of `keys` that is present, or else the first one: for a field that was renamed
   * between versions.
   */
  firstOf(...keys: readonly [string, ...string[]]): string {
    return keys.find((key) => this.has(key)) ?? keys[0];
  }

  /** A whole number from 1 to 2³¹ − 1. */
  count(key: string, fallback?: number): number {
    return this.#whole(key, 1, "a positive whole number", fallback);
  }

  /** A whole number from 0 to 2³¹ − 1. */
  index(key: string, fallback?: number): number {
    return this.#whole(key, 0, "a whole number that is not negative", fallback);
  }

  /** A number that is finite and above 0, also when it is rounded to f32. */
  positive(key: string, fallback?: number): number {
    const value = this.get(key) ?? fallback;
    const single = typeof value === "number" ? Math.fround(value) : Number.NaN;
    if (!(single > 0 && single < Number.POSITIVE_INFINITY)) {
      this.fail(key, "a positive number that f32 can hold", value);
    }
    return value as number;
  }

  /** A JSON object; empty when it is absent. */
  object(key: string): JsonObject {
    const value = this.get(key) ?? {};
    if (typeof value !== "object" || Array.isArray(value)) this.fail(key, "an object", value);
    return value as JsonObject;
  }

  /** The fields of a JSON object inside this one, such as `rope_parameters`. */
  fields(key: string): JsonFields {
    return new JsonFields(`${this.#path}, ${key}`, this.object(key));
  }

  text(key: string, fallback?: string): string {
    const value = this.get(key) ?? fallback;
    if (typeof value !== "string") this.fail(key, "a string", value);
    return value as string;
  }

  /** One of the strings in `supported`. Throws UnsupportedError that names any other. */
  oneOf<Value extends string>(key: string, supported: readonly Value[], fallback?: Value): Value {
    const value = this.text(key, fallback);
    const known = supported.find((each) => each === value);
    if (known !== undefined) return known;
    throw new UnsupportedError({ what: key, value, supported });
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.get(key) ?? fallback;
    if (typeof value !== "boolean") this.fail(key, "true or false", value);
    return value as boolean;
  }

  /** Throws ModelFileError: `key` must be `expected`, got `actual`. */
  fail(key: string, expected: string, actual: unknown): never {
    const shown = actual === undefined ? "nothing" : JSON.stringify(actual);
    throw new ModelFileError(`${key} must be ${expected}, got ${shown}`, { path: this.#path });
  }

  #whole(key: string, smallest: number, expected: string, fallback: number | undefined): number {
    const value = this.get(key) ?? fallback;
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < smallest) {
      return this.fail(key, expected, value);
    }
    if (value > largestCount) this.fail(key, `at most ${largestCount}`, value);
    return value;
  }
}
