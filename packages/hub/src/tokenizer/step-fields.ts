import { ModelFileError } from "@ripvec/core";
import { isJsonObject } from "../model-files.js";
import { optional, readBoolean, readList, readObject, readString, shown } from "./fields.js";

/** The fields of one step of tokenizer.json, by name. Errors name the step and the field. */
export interface StepFields {
  readonly type: string;
  flag(name: string): boolean;
  optionalFlag(name: string): boolean | undefined;
  text(name: string): string;
  /** A text of one character. */
  character(name: string): string;
  count(name: string, absent: number): number;
  list(name: string): readonly unknown[];
  choice<T extends string>(name: string, choices: readonly T[], absent?: T): T;
  /** `{ "String": … }` or `{ "Regex": … }` */
  pattern(name: string): StepPattern;
  readonly error: (message: string) => Error;
}

export interface StepPattern {
  readonly source: string;
  readonly isRegex: boolean;
}

/**
 * Throws ModelFileError when the JSON is not a step; `kind` is the expected kind of step, for
 * messages.
 */
export function readStep(json: unknown, kind: string): StepFields {
  const step = readObject(json, `a ${kind}`);
  const type = readString(step.type, `the type of a ${kind}`);
  const error = (message: string): Error => new ModelFileError(`${kind} ${type}: ${message}`);
  const wrong = (name: string, what: string): Error => error(`"${name}" must be ${what}`);
  const placeOf = (name: string): string => `${kind} ${type}: "${name}"`;
  const text = (name: string): string => readString(step[name], placeOf(name));
  return {
    type,
    error,
    text,
    flag: (name) => readBoolean(step[name], placeOf(name)),
    optionalFlag: (name) => optional(step[name], undefined, readBoolean, placeOf(name)),
    list: (name) => readList(step[name], placeOf(name)),
    character: (name) => {
      const value = text(name);
      if (Array.from(value).length !== 1) throw wrong(name, "one character");
      return value;
    },
    count: (name, absent) => {
      const value = name in step ? step[name] : absent;
      if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
      throw wrong(name, "a positive integer");
    },
    choice: (name, choices, absent) => {
      const value = name in step ? step[name] : absent;
      const chosen = choices.find((choice) => choice === value);
      if (chosen === undefined) throw wrong(name, `one of ${choices.join(", ")}`);
      return chosen;
    },
    pattern: (name) => readPattern(step[name], placeOf(name)),
  };
}

function readPattern(value: unknown, place: string): StepPattern {
  const [[kind, source] = [], ...others] = isJsonObject(value) ? Object.entries(value) : [];
  if (others.length === 0 && (kind === "String" || kind === "Regex")) {
    return { source: readString(source, place), isRegex: kind === "Regex" };
  }
  throw new ModelFileError(`${place} must be { String } or { Regex }, got ${shown(value)}`);
}
