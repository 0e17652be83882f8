import { ModelFileError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { isJsonObject } from "../model-files.js";

/** Largest token id: ids are passed on as 32-bit integers. */
const maxId = 2 ** 31 - 1;

/** Whether a value can be a token id: a whole number of 0…2^31-1. */
export function isId(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= maxId;
}

/** A token id from the file. Throws ModelFileError unless it is a whole number of 0…2^31-1. */
export function readId(value: unknown, place: string): number {
  if (isId(value)) return value;
  throw new ModelFileError(
    `${place} must be a whole number from 0 to ${maxId}, got ${shown(value)}`,
  );
}

/** A text from the file. Throws ModelFileError unless it is a string without lone surrogates. */
export function readString(value: unknown, place: string): string {
  if (typeof value === "string" && isWellFormed(value)) return value;
  throw new ModelFileError(`${place} must be a string of Unicode text, got ${shown(value)}`);
}

/** Throws ModelFileError unless the value is true or false. */
export function readBoolean(value: unknown, place: string): boolean {
  if (typeof value === "boolean") return value;
  throw new ModelFileError(`${place} must be true or false, got ${shown(value)}`);
}

/** Throws ModelFileError unless the value is an object. */
export function readObject(value: unknown, place: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw new ModelFileError(`${place} must be an object, got ${shown(value)}`);
}

/** Throws ModelFileError unless the value is a list. */
export function readList(value: unknown, place: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new ModelFileError(`${place} must be a list, got ${shown(value)}`);
}

/** The value read by `read`; `absent` when the field is null or absent. */
export function optional<T>(
  value: unknown,
  absent: T,
  read: (value: unknown, place: string) => T,
  place: string,
): T {
  return value === undefined || value === null ? absent : read(value, place);
}

/** Whether a text has no lone surrogate. */
export function isWellFormed(text: string): boolean {
  return !/[\ud800-\udfff]/.test(text) || !/\p{Surrogate}/u.test(text);
}

/** The text with U+FFFD in place of each lone surrogate. */
export function wellFormed(text: string): string {
  return isWellFormed(text) ? text : text.replace(/\p{Surrogate}/gu, "\uFFFD");
}

/** A value for a message, cut to a readable length. */
export function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
