import type { ActivationDType } from "./dtype.js";
import { printable } from "./printable.js";

const brand = Symbol.for("ripvec.error");

/** UTF-16 units of a message that are kept. Names and values in it may come from a hostile file. */
const maxMessage = 4_000;

/** Stable codes; they never change once published. */
export type ErrorCode =
  | "ALIAS"
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

/**
 * Base of every error ripvec throws. Test with `isRipvecError`, which survives duplicate installs. The message may be
 * printed: it is of one line, bounded, and names from outside stand in it as `printable` shows them.
 */
export class RipvecError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(printable(message, maxMessage), options);
    this.code = code;
    this.name = new.target.name;
    Object.defineProperty(this, brand, { value: true });
  }
}

export function isRipvecError(value: unknown): value is RipvecError {
  return typeof value === "object" && value !== null && brand in value;
}

const show = (value: unknown): string =>
  Array.isArray(value) ? `[${value.join(", ")}]` : String(value);

/** As JSON has it, where JSON can say it. */
function quoted(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return typeof value === "bigint" ? String(value) : Object.prototype.toString.call(value);
  }
}

/** A tensor argument has the wrong shape, or a number is outside its range. */
export class ShapeError extends RipvecError {
  readonly op: string;
  readonly argument: string;
  readonly expected: unknown;
  readonly actual: unknown;

  constructor(facts: { op: string; argument: string; expected: unknown; actual: unknown }) {
    super(
      "SHAPE",
      `${facts.op}: ${facts.argument} must be ${show(facts.expected)}, got ${show(facts.actual)}`,
    );
    this.op = facts.op;
    this.argument = facts.argument;
    this.expected = facts.expected;
    this.actual = facts.actual;
  }
}

/** A tensor argument has a dtype that the op or the driver does not take. */
export class DTypeError extends RipvecError {
  readonly op: string;
  readonly argument: string;
  readonly expected: readonly string[];
  readonly actual: string;

  constructor(facts: {
    op: string;
    argument: string;
    expected: readonly string[];
    actual: string;
  }) {
    super(
      "DTYPE",
      `${facts.op}: ${facts.argument} must be ${facts.expected.join(" or ")}, got ${facts.actual}`,
    );
    this.op = facts.op;
    this.argument = facts.argument;
    this.expected = facts.expected;
    this.actual = facts.actual;
  }
}

/** An output overlaps an input that the op still reads. */
export class AliasError extends RipvecError {
  readonly op: string;
  readonly argument: string;

  constructor(facts: { op: string; output: string; argument: string }) {
    super("ALIAS", `${facts.op}: ${facts.output} must not overlap ${facts.argument}`);
    this.op = facts.op;
    this.argument = facts.argument;
  }
}

/** A tensor is used after its scope or its pass ended, or with a driver that does not own it. */
export class TensorStateError extends RipvecError {
  readonly op: string;
  readonly argument: string;

  constructor(facts: { op: string; argument: string; reason: string }) {
    super("TENSOR_STATE", `${facts.op}: ${facts.argument} ${facts.reason}`);
    this.op = facts.op;
    this.argument = facts.argument;
  }
}

/** What the caller passed in is wrong; `index` is the place of the item in the caller's list. */
export class InputError extends RipvecError {
  readonly index: number | undefined;

  constructor(message: string, facts: { index?: number; cause?: unknown } = {}) {
    super("INPUT", message, "cause" in facts ? { cause: facts.cause } : undefined);
    this.index = facts.index;
  }
}

/** A text has more tokens than the model takes, and `overflow: "error"` was asked for. */
export class TooLongError extends RipvecError {
  readonly index: number;
  readonly tokens: number;
  /** Whether `tokens` are only the least: a very long text is not counted to its end. */
  readonly isLeast: boolean;
  readonly maxTokens: number;

  constructor(facts: { index: number; tokens: number; maxTokens: number; isLeast?: boolean }) {
    const { index, tokens, maxTokens, isLeast = false } = facts;
    const count = isLeast ? `at least ${tokens}` : tokens;
    super("TOO_LONG", `text ${index} has ${count} tokens, the limit is ${maxTokens}`);
    this.isLeast = isLeast;
    this.index = facts.index;
    this.tokens = facts.tokens;
    this.maxTokens = facts.maxTokens;
  }
}

/** The driver, backend or model was closed. */
export class ClosedError extends RipvecError {
  constructor(what: string) {
    super("CLOSED", `${what} is closed`);
  }
}

/** A driver speaks another version of the contract than this core. */
export class SpecVersionError extends RipvecError {
  readonly driver: string;
  readonly expected: number;
  readonly actual: unknown;

  constructor(facts: { driver: string; expected: number; actual: unknown }) {
    super(
      "SPEC_VERSION",
      `driver ${facts.driver} has specVersion ${String(facts.actual)}, this @ripvec/core takes ${facts.expected}: install matching versions`,
    );
    this.driver = facts.driver;
    this.expected = facts.expected;
    this.actual = facts.actual;
  }
}

/**
 * Something the model or the caller asks for is not known here: `what` names the kind, `value` the thing, `remedy`
 * what to do where that is known.
 */
export class UnsupportedError extends RipvecError {
  readonly what: string;
  readonly value: unknown;
  readonly supported: readonly string[];
  readonly remedy: string | undefined;

  constructor(facts: {
    what: string;
    value: unknown;
    supported: readonly string[];
    remedy?: string;
  }) {
    super(
      "UNSUPPORTED",
      `unsupported ${facts.what} ${quoted(facts.value)}${
        facts.supported.length > 0 ? `; supported: ${facts.supported.join(", ")}` : ""
      }${facts.remedy === undefined ? "" : `. ${facts.remedy}`}`,
    );
    this.what = facts.what;
    this.value = facts.value;
    this.supported = facts.supported;
    this.remedy = facts.remedy;
  }
}

/** A model file is missing, truncated, or not what its header says. */
export class ModelFileError extends RipvecError {
  readonly path: string | undefined;
  readonly tensor: string | undefined;

  constructor(message: string, facts: { path?: string; tensor?: string; cause?: unknown } = {}) {
    const place = [facts.path, facts.tensor && `tensor ${JSON.stringify(facts.tensor)}`]
      .filter(Boolean)
      .join(", ");
    super(
      "MODEL_FILE",
      place ? `${place}: ${message}` : message,
      "cause" in facts ? { cause: facts.cause } : undefined,
    );
    this.path = facts.path;
    this.tensor = facts.tensor;
  }
}

/** No usable device, driver library or binary. `tried` lists the attempts, `remedy` says what to do. */
export class DriverUnavailableError extends RipvecError {
  readonly driver: string;
  readonly tried: readonly string[];
  readonly remedy: string;

  constructor(facts: {
    driver: string;
    tried: readonly string[];
    remedy: string;
    cause?: unknown;
  }) {
    super(
      "DRIVER_UNAVAILABLE",
      `driver ${facts.driver} is not available. Tried: ${facts.tried.join("; ")}. ${facts.remedy}`,
      "cause" in facts ? { cause: facts.cause } : undefined,
    );
    this.driver = facts.driver;
    this.tried = facts.tried;
    this.remedy = facts.remedy;
  }
}

/** The device failed while running a pass: out of memory, lost, or a kernel that faulted. */
export class DeviceError extends RipvecError {
  readonly driver: string;

  constructor(driver: string, message: string, options?: { cause?: unknown }) {
    super("DEVICE", `${driver}: ${message}`, options);
    this.driver = driver;
  }
}

/**
 * A vector came out with NaN or infinity in it. `index` is the place of its text in the caller's list. Where the
 * activations are f16 a value beyond its range is the likely cause, and the message says so.
 */
export class NotFiniteError extends DeviceError {
  readonly index: number;
  /** The first element that is not finite, and what it is. */
  readonly element: number;
  readonly value: number;
  /** What the activations were kept in. */
  readonly activations: ActivationDType;

  constructor(
    driver: string,
    facts: {
      item: "encoding" | "text";
      index: number;
      element: number;
      value: number;
      activations?: ActivationDType;
    },
  ) {
    const { item, index, element, value, activations = "f32" } = facts;
    const what = `the vector of ${item} ${index} is not finite: element ${element} is ${value}`;
    super(driver, activations === "f16" ? `${what}. ${f16Overflow}` : what);
    this.index = index;
    this.element = element;
    this.value = value;
    this.activations = activations;
  }
}

const f16Overflow =
  'An activation is probably beyond 65,504, the largest number of f16: create the backend with activations: "f32"';
