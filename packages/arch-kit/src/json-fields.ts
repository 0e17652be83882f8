import { ModelFileError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";

/** Sizes beyond it fit no dimension of a tensor. */
const largestCount = 2 ** 31 - 1;

/** Reads fields of one JSON file; every error names the file and the field. */
export class JsonFields {
  readonly #path: string;
  readonly #json: JsonObject;

  constructor(path: string, json: JsonObject) {
    this.#path = path;
    this.#json = json;
  }

  has(key: string): boolean {
    return this.#json[key] !== undefined && this.#json[key] !== null;
  }

  /** A positive whole number. `fallback` serves when the field is absent or null. */
  count(key: string, fallback?: number): number {
    const value = this.#get(key, fallback);
    if (!Number.isSafeInteger(value) || (value as number) < 1) {
      this.fail(key, "a positive whole number", value);
    }
    if ((value as number) > largestCount) this.fail(key, `at most ${largestCount}`, value);
    return value as number;
  }

  /** A whole number from 0 on. */
  index(key: string, fallback?: number): number {
    const value = this.#get(key, fallback);
    if (!Number.isSafeInteger(value) || (value as number) < 0) {
      this.fail(key, "a whole number from 0 on", value);
    }
    if ((value as number) > largestCount) this.fail(key, `at most ${largestCount}`, value);
    return value as number;
  }

  /** A finite number above 0, also once it is rounded to f32. */
  positive(key: string, fallback?: number): number {
    const value = this.#get(key, fallback);
    const single = typeof value === "number" ? Math.fround(value) : Number.NaN;
    if (!(single > 0 && single < Number.POSITIVE_INFINITY)) {
      this.fail(key, "a positive number that f32 can hold", value);
    }
    return value as number;
  }

  /** A JSON object; empty when the field is absent or null. */
  object(key: string): JsonObject {
    const value = this.#get(key, {});
    if (typeof value !== "object" || Array.isArray(value)) this.fail(key, "an object", value);
    return value as JsonObject;
  }

  text(key: string, fallback?: string): string {
    const value = this.#get(key, fallback);
    if (typeof value !== "string") this.fail(key, "a string", value);
    return value as string;
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.#get(key, fallback);
    if (typeof value !== "boolean") this.fail(key, "true or false", value);
    return value as boolean;
  }

  fail(key: string, expected: string, actual: unknown): never {
    const shown = actual === undefined ? "nothing" : JSON.stringify(actual);
    throw new ModelFileError(`${key} must be ${expected}, got ${shown}`, { path: this.#path });
  }

  #get(key: string, fallback: unknown): unknown {
    return this.has(key) ? this.#json[key] : fallback;
  }
}
