import {
  AliasError,
  ArgumentError,
  ClosedError,
  DeviceError,
  DriverUnavailableError,
  DTypeError,
  InputError,
  ModelFileError,
  NotFiniteError,
  ShapeError,
  SpecVersionError,
  TensorStateError,
  TooLongError,
  UnsupportedError,
} from "./errors.js";
import { factFromJson, refuseJson, unescaped } from "./fact-from-json.js";
import { maxDepth, ValueBudget } from "./fact-to-json.js";
import { kindOf } from "./kind-of.js";
import { printable } from "./printable.js";
import { type ErrorJson, RipvecError } from "./ripvec-error.js";

/** A class of errors of ripvec. */
export type ErrorClass = abstract new (...args: never[]) => RipvecError;

/** By `name`, which minifiers leave as it is. */
export type ErrorClasses = Readonly<Record<string, ErrorClass>>;

const ownClasses: ErrorClasses = {
  AliasError,
  ArgumentError,
  ClosedError,
  DeviceError,
  DriverUnavailableError,
  DTypeError,
  InputError,
  ModelFileError,
  NotFiniteError,
  ShapeError,
  SpecVersionError,
  TensorStateError,
  TooLongError,
  UnsupportedError,
};

/**
 * The error whose `toJSON` returned `json`: of the same class, with the same message, code, fields and cause. Its stack
 * starts here. `classes` holds error classes of other packages, such as `{ DownloadError }` of `@ripvec/hub`; an error
 * of a class that is not known is a RipvecError with the right name, code and fields. Throws ArgumentError when `json`
 * is something else, or is nested deeper or has more values than `toJSON` writes.
 */
export function errorFromJSON(json: unknown, classes: ErrorClasses = {}): RipvecError {
  if (isErrorJson(json)) return new Reviver({ ...classes, ...ownClasses }).error(json, 0);
  return refuseJson(`must be what toJSON of a RipvecError returned, got ${kindOf(json)}`);
}

/** Restores one error and its causes. `depth` is the number of errors that a cause has caused. */
class Reviver {
  readonly #classes: ErrorClasses;
  readonly #budget = new ValueBudget();

  constructor(classes: ErrorClasses) {
    this.#classes = classes;
  }

  error(json: ErrorJson, depth: number): RipvecError {
    const { $: mark, name, code, message, cause, ...facts } = json;
    const error = new RipvecError(code, message, this.#cause(json, depth));
    // The constructor would shorten a shortened message again.
    Object.defineProperty(error, "message", { value: printable(message) });
    Object.defineProperty(error, "name", { ...field, value: printable(name) });
    for (const [key, value] of Object.entries(facts)) {
      // A field must not replace what every error has, such as `stack` and `toString`.
      if (key in error) continue;
      // It is defined and not assigned, so that it cannot call a setter.
      const fact = factFromJson(value, this.#budget);
      Object.defineProperty(error, unescaped(key), { ...field, value: fact });
    }
    if (Object.hasOwn(this.#classes, name)) {
      Object.setPrototypeOf(error, this.#classes[name]?.prototype ?? RipvecError.prototype);
    }
    return error;
  }

  #other(json: OtherJson, depth: number): Error {
    const error = new Error(json.message, this.#cause(json, depth));
    Object.defineProperty(error, "name", { ...field, value: json.name });
    if ("code" in json) {
      const code = factFromJson(json.code, this.#budget);
      Object.defineProperty(error, "code", { ...field, value: code });
    }
    return error;
  }

  /** The options of the constructor of an error. */
  #cause(json: object, depth: number): { cause?: unknown } {
    if (!("cause" in json)) return {};
    const { cause } = json;
    if (!isOtherJson(cause) && !isCauseJson(cause)) {
      return { cause: factFromJson(cause, this.#budget) };
    }
    if (depth + 1 === maxDepth) refuseJson(`must have fewer than ${maxDepth} causes in a chain`);
    const isOther = isOtherJson(cause);
    return { cause: isOther ? this.#other(cause, depth + 1) : this.error(cause, depth + 1) };
  }
}

const field = { enumerable: true, configurable: true, writable: true };

/** An error that is not a RipvecError. */
interface OtherJson {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
}

function isErrorJson(value: unknown): value is ErrorJson {
  if (!isNamed(value) || isOtherJson(value)) return false;
  return "code" in value && typeof value.code === "string";
}

function isCauseJson(value: unknown): value is ErrorJson {
  return isErrorJson(value) && value.$ === "RipvecError";
}

function isOtherJson(value: unknown): value is OtherJson {
  return isNamed(value) && "$" in value && value.$ === "Error";
}

function isNamed(value: unknown): value is { readonly name: string; readonly message: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    typeof value.name === "string" &&
    "message" in value &&
    typeof value.message === "string"
  );
}
