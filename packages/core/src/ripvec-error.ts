import { factsToJson, factToJson } from "./fact-json.js";
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
  /** An `ErrorJson`, the name and message of another Error, or a value that was thrown. Absent: no cause. */
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
   * is left out.
   */
  toJSON(): ErrorJson {
    return errorToJson(this);
  }
}

export function isRipvecError(value: unknown): value is RipvecError {
  return typeof value === "object" && value !== null && brand in value;
}

/** A function, since an error of another copy of this package may lack the method. */
function errorToJson(error: RipvecError): ErrorJson {
  const { name, code, message, ...facts } = error;
  const cause = "cause" in error && { cause: causeToJson(error.cause) };
  return { name, code, message, ...factsToJson(facts), ...cause };
}

function causeToJson(cause: unknown): unknown {
  if (isRipvecError(cause)) return errorToJson(cause);
  if (cause instanceof Error) return { name: cause.name, message: cause.message };
  return factToJson(cause);
}
