export type { ArchOptions, ModelArch, ModelSource, Pooling } from "./arch.js";
export type { EmbedBackend, EmbedOptions } from "./backend.js";
export type { GenericBackendOptions } from "./backend-options.js";
export type { Capabilities } from "./capabilities.js";
export type { Driver } from "./driver.js";
export { specVersion } from "./driver-implementation.js";
export type { ActivationDType, WeightDType } from "./dtype.js";
export {
  type EmbeddedText,
  type EmbedProgress,
  type EmbedTextsOptions,
  embedTexts,
} from "./embed-texts.js";
export type { Encoding, PartialEncoding, Tokenizer } from "./encoding.js";
export { type ErrorClass, type ErrorClasses, errorFromJSON } from "./error-from-json.js";
export {
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
export { GenericBackend } from "./generic-backend.js";
export { checkBackendOptions } from "./load-model.js";
export { countTokens } from "./pack-batch.js";
export { printable } from "./printable.js";
export { type ErrorCode, type ErrorJson, isRipvecError, RipvecError } from "./ripvec-error.js";
export type { AbortSignalLike } from "./signal.js";
export { type TruncationRule, truncateEncoding } from "./truncate-encoding.js";
