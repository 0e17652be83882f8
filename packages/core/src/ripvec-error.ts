import {
  factsToJson,
  factToJson,
  isPlain,
  maxDepth,
  propertyOf,
  readable,
  textOf,
  ValueBudget,
} from "./fact-to-json.js";
import { printable } from "./printable.js";

const brand = Symbol.for("ripvec.error");

/** Longest message in UTF-16 units. Names and values in a message may come from a hostile file. */
const maxMessage = 4_000;

/** Stable codes; they never change once published. */
export type ErrorCode =
  | "ALIAS"
  | "ARGUMENT"
  | "CLOSED"
  | "DEVICE"
  | "DOWNLOAD"
  | "DRIVER_UNAVAILABLE"
  | "DTYPE"
  | "INPUT"
  | "MODEL_FILE"
  | "SHAPE"
  | "SPEC_VERSION"
  | "TENSOR_STATE"
  | "TOO_LONG"
  | "UNSUPPORTED";

/** What `toJSON` returns and `errorFromJSON` takes: plain data, for JSON, `postMessage` and `structuredClone`. */
export interface ErrorJson {
  readonly name: string;
  readonly code: ErrorCode;
  readonly message: string;
  /**
   * An `ErrorJson` with the key `$` of value "RipvecError"; name, message, code and cause of another error, with `$` of
   * value "Error"; or a value that was thrown. Absent: no cause. A cause after 31 others, and one that is among the
   * errors that it caused, is a text.
   */
  readonly cause?: unknown;
  /** The fields of the error's class. */
  readonly [fact: string]: unknown;
}

/**
 * Base of every error that ripvec throws. Test with `isRipvecError`, which also knows the errors of another copy of
 * this package. The message is safe to print: it is a single line of bounded length, in which text from outside is
 * escaped by `printable`.
 */
export class RipvecError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(printable(message, maxMessage), options);
    this.code = code;
    this.name = new.target.name;
    Object.defineProperty(this, brand, { value: true });
  }

  /**
   * Name, code, message, fields and cause as plain data. `errorFromJSON` turns it back into an error. Call it before an
   * error leaves its thread or process: a structured clone of an Error has neither its class nor its fields. The stack
   * is left out. Never throws, whatever the fields and causes are.
   */
  toJSON(): ErrorJson {
    return errorToJson(this, [], new ValueBudget());
  }
}

export function isRipvecError(value: unknown): value is RipvecError {
  // A revoked Proxy throws.
  return readable(() => typeof value === "object" && value !== null && brand in value) === true;
}

const standardKeys: readonly string[] = ["name", "code", "message", "cause"];

/** A function, since an error of another copy of this package may lack the method. */
function errorToJson(error: object, effects: readonly object[], budget: ValueBudget): ErrorJson {
  const keys = Object.keys(error).filter((key) => !standardKeys.includes(key));
  return {
    name: stringOf(error, "name"),
    code: stringOf(error, "code") as ErrorCode,
    message: stringOf(error, "message"),
    ...factsToJson(error, keys, budget),
    ...withCause(error, effects, budget),
  };
}

/** `effects` are the errors that `error` caused. */
function withCause(error: object, effects: readonly object[], budget: ValueBudget): object {
  if (readable(() => "cause" in error) !== true) return {};
  return { cause: causeToJson(propertyOf(error, "cause"), [...effects, error], budget) };
}

function causeToJson(cause: unknown, effects: readonly object[], budget: ValueBudget): unknown {
  const isOurs = isRipvecError(cause);
  if (!isOurs && !isOtherError(cause)) return factToJson(cause, budget);
  if (effects.length === maxDepth || effects.includes(cause)) return textOf(cause);
  return readable(() =>
    isOurs
      ? { $: "RipvecError", ...errorToJson(cause, effects, budget) }
      : { $: "Error", ...otherToJson(cause, effects, budget) },
  );
}

/** An Error of this realm, or an object with its fields, such as an Error of another realm. */
function isOtherError(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const isError = readable(() => value instanceof Error || (!isPlain(value) && isNamed(value)));
  return isError === true;
}

function isNamed(value: { readonly name?: unknown; readonly message?: unknown }): boolean {
  return typeof value.name === "string" && typeof value.message === "string";
}

function otherToJson(error: object, effects: readonly object[], budget: ValueBudget): object {
  const code = propertyOf(error, "code");
  const hasCode = typeof code === "string" || typeof code === "number";
  return {
    name: stringOf(error, "name"),
    message: stringOf(error, "message"),
    ...(hasCode && { code: factToJson(code, budget) }),
    ...withCause(error, effects, budget),
  };
}

function stringOf(error: object, key: string): string {
  const value = propertyOf(error, key);
  return typeof value === "string" ? value : textOf(value);
}
