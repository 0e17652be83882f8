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
import { factFromJson } from "./fact-json.js";
import { kindOf } from "./kind-of.js";
import { printable } from "./printable.js";
import { type ErrorJson, RipvecError } from "./ripvec-error.js";

type ErrorClass = abstract new (...args: never[]) => RipvecError;

/** By `name`, which minifiers leave as it is. */
type ErrorClasses = Readonly<Record<string, ErrorClass>>;

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
 * is something else.
 */
export function errorFromJSON(json: unknown, classes: ErrorClasses = {}): RipvecError {
  if (isErrorJson(json)) return revived(json, { ...classes, ...ownClasses });
  throw new ArgumentError({
    op: "errorFromJSON",
    argument: "json",
    reason: `must be what toJSON of a RipvecError returned, got ${kindOf(json)}`,
  });
}

/** Fields are defined and not assigned, so that none can call a setter. */
function revived(json: ErrorJson, classes: ErrorClasses): RipvecError {
  const { name, code, message, cause, ...facts } = json;
  const options = "cause" in json ? { cause: causeFromJson(cause, classes) } : undefined;
  const error = new RipvecError(code, message, options);
  if (Object.hasOwn(classes, name)) {
    Object.setPrototypeOf(error, classes[name]?.prototype ?? RipvecError.prototype);
  }
  // The constructor would shorten a shortened message again.
  Object.defineProperty(error, "message", { value: printable(message) });
  for (const [field, value] of Object.entries({ name, ...facts })) {
    const descriptor = { enumerable: true, configurable: true, writable: true };
    Object.defineProperty(error, field, { ...descriptor, value: factFromJson(value) });
  }
  return error;
}

function causeFromJson(json: unknown, classes: ErrorClasses): unknown {
  if (isErrorJson(json)) return revived(json, classes);
  if (!isNamed(json)) return factFromJson(json);
  return Object.assign(new Error(json.message), { name: json.name });
}

function isErrorJson(value: unknown): value is ErrorJson {
  return isNamed(value) && "code" in value && typeof value.code === "string";
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
