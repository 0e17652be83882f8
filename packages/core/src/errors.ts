import type { ActivationDType } from "./dtype.js";
import { RipvecError } from "./ripvec-error.js";

/** A value that JSON cannot write, or whose own `toString` throws, is shown by its kind. A revoked Proxy has none. */
function shownBy(write: (value: unknown) => string | undefined, value: unknown): string {
  try {
    return write(value) ?? String(value);
  } catch {
    return typeof value === "bigint" ? String(value) : kindOfUnwritable(value);
  }
}

function kindOfUnwritable(value: unknown): string {
  try {
    return Object.prototype.toString.call(value);
  } catch {
    return "an object";
  }
}

const plain = (value: unknown): string =>
  shownBy((each) => (Array.isArray(each) ? `[${each.join(", ")}]` : String(each)), value);

const quoted = (value: unknown): string => shownBy(JSON.stringify, value);

/** A tensor argument has the wrong shape, or a number is outside its range. */
export class ShapeError extends RipvecError {
  override readonly name = "ShapeError";
  readonly op: string;
  readonly argument: string;
  readonly expected: unknown;
  readonly actual: unknown;

  constructor(facts: { op: string; argument: string; expected: unknown; actual: unknown }) {
    super(
      "SHAPE",
      `${facts.op}: ${facts.argument} must be ${plain(facts.expected)}, got ${plain(facts.actual)}`,
    );
    this.op = facts.op;
    this.argument = facts.argument;
    this.expected = facts.expected;
    this.actual = facts.actual;
  }
}

/**
 * A mistake of the program that calls: an argument of the wrong kind, or a call where none is allowed. Data that a
 * user may have brought is refused with `InputError` or `ModelFileError` instead.
 */
export class ArgumentError extends RipvecError {
  override readonly name = "ArgumentError";
  /** The function that was called: an op, or "run". */
  readonly op: string;
  readonly argument: string;

  /** `reason` follows the argument's name in the message: "must be a tensor, got null". */
  constructor(facts: { op: string; argument: string; reason: string }) {
    super("ARGUMENT", `${facts.op}: ${facts.argument} ${facts.reason}`);
    this.op = facts.op;
    this.argument = facts.argument;
  }
}

/** A tensor argument has a dtype that the op or the driver does not take. */
export class DTypeError extends RipvecError {
  override readonly name = "DTypeError";
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

/** An output overlaps an input that the op reads. */
export class AliasError extends RipvecError {
  override readonly name = "AliasError";
  readonly op: string;
  readonly argument: string;

  constructor(facts: { op: string; output: string; argument: string }) {
    super("ALIAS", `${facts.op}: ${facts.output} must not overlap ${facts.argument}`);
    this.op = facts.op;
    this.argument = facts.argument;
  }
}

/** A tensor is used after the end of its scope or pass, with another driver, or as an output where it must not change. */
export class TensorStateError extends RipvecError {
  override readonly name = "TensorStateError";
  readonly op: string;
  readonly argument: string;

  constructor(facts: { op: string; argument: string; reason: string }) {
    super("TENSOR_STATE", `${facts.op}: ${facts.argument} ${facts.reason}`);
    this.op = facts.op;
    this.argument = facts.argument;
  }
}

/** An option, a text or an encoding is wrong. `index` is the position of the text or encoding in the caller's list. */
export class InputError extends RipvecError {
  override readonly name = "InputError";
  readonly index: number | undefined;

  constructor(message: string, facts: { index?: number; cause?: unknown } = {}) {
    super("INPUT", message, "cause" in facts ? { cause: facts.cause } : undefined);
    this.index = facts.index;
  }
}

/** An encoding, or a text under `overflow: "error"`, has more tokens than the limit. */
export class TooLongError extends RipvecError {
  override readonly name = "TooLongError";
  readonly index: number;
  readonly tokens: number;
  /** Whether `tokens` is a lower bound: a very long text is not tokenised to its end. */
  readonly isLowerBound: boolean;
  readonly maxTokens: number;

  constructor(facts: { index: number; tokens: number; maxTokens: number; isLowerBound?: boolean }) {
    const { index, tokens, maxTokens, isLowerBound = false } = facts;
    const count = isLowerBound ? `at least ${tokens}` : tokens;
    super("TOO_LONG", `text ${index} has ${count} tokens, the limit is ${maxTokens}`);
    this.isLowerBound = isLowerBound;
    this.index = facts.index;
    this.tokens = facts.tokens;
    this.maxTokens = facts.maxTokens;
  }
}

/** The driver, backend or model was closed. */
export class ClosedError extends RipvecError {
  override readonly name = "ClosedError";
  constructor(what: string) {
    super("CLOSED", `${what} is closed`);
  }
}

/** A driver was written for a version of the contract that this package does not take. */
export class SpecVersionError extends RipvecError {
  override readonly name = "SpecVersionError";
  readonly driver: string;
  readonly expected: number;
  readonly actual: unknown;

  constructor(facts: { driver: string; expected: number; actual: unknown }) {
    const { driver, expected, actual } = facts;
    super(
      "SPEC_VERSION",
      `driver ${driver} has specVersion ${plain(actual)}, and this version of @ripvec/core takes ${expected - 1} and ${expected}: ` +
        specVersionRemedy(facts),
    );
    this.driver = driver;
    this.expected = expected;
    this.actual = actual;
  }
}

function specVersionRemedy(facts: { driver: string; expected: number; actual: unknown }): string {
  const { driver, expected, actual } = facts;
  if (typeof actual === "number" && actual > expected) return "update @ripvec/core";
  // Core adapts the previous version, so another copy of core made this driver.
  if (actual === expected - 1) {
    return "the driver uses an older copy of @ripvec/core, so install one version of it";
  }
  return `update the package of driver ${driver}`;
}

/**
 * A model or an app needs something that is not supported. `what` names the kind of thing, `value` is the thing itself,
 * and `remedy` says what to do, if that is known.
 */
export class UnsupportedError extends RipvecError {
  override readonly name = "UnsupportedError";
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

/** A file of a model is missing, cannot be read, or has wrong contents. `tensor` names the tensor with the fault. */
export class ModelFileError extends RipvecError {
  override readonly name = "ModelFileError";
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

/** There is no usable device, driver library or binary. `tried` lists the attempts, `remedy` says what to do. */
export class DriverUnavailableError extends RipvecError {
  override readonly name = "DriverUnavailableError";
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

/** The device failed: it is out of memory, was lost, or a kernel failed. */
export class DeviceError extends RipvecError {
  override readonly name: string = "DeviceError";
  readonly driver: string;

  constructor(driver: string, message: string, options?: { cause?: unknown }) {
    super("DEVICE", `${driver}: ${message}`, options);
    this.driver = driver;
  }
}

/**
 * A vector has NaN or infinity. `index` is the position of its text or encoding in the caller's list. If the activations
 * are f16, a value beyond its range is the likely cause, and the message says so.
 */
export class NotFiniteError extends DeviceError {
  override readonly name = "NotFiniteError";
  readonly index: number;
  /** Index of the first element that is not finite. */
  readonly element: number;
  /** That element. */
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
