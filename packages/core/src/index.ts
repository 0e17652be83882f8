export type {
  ArchOptions,
  JsonObject,
  LoadedModel,
  ModelArch,
  ModelDescription,
  ModelModule,
  ModelSource,
  Pooling,
} from "./arch.js";
export type { EmbedBackend, EmbedOptions } from "./backend.js";
export type { Batch, PackedBatch, PaddedBatch } from "./batch.js";
export type { Capabilities } from "./capabilities.js";
export {
  createDriver,
  type Driver,
  type DriverImplementation,
  type DriverPass,
  type Kernels,
  type RunOptions,
  specVersion,
  type TensorOptions,
} from "./driver.js";
export {
  type DType,
  dtypeByteLength,
  floatDTypes,
  type HostArrays,
  hostArray,
  sizeOf,
  type WeightDType,
} from "./dtype.js";
export {
  type EmbeddedText,
  type EmbedProgress,
  type EmbedTextsOptions,
  embedTexts,
} from "./embed-texts.js";
export type { Encoding, PartialEncoding, Tokenizer } from "./encoding.js";
export {
  AliasError,
  ClosedError,
  DeviceError,
  DriverUnavailableError,
  DTypeError,
  type ErrorCode,
  InputError,
  isRipvecError,
  ModelFileError,
  NotFiniteError,
  RipvecError,
  ShapeError,
  SpecVersionError,
  TensorStateError,
  TooLongError,
  UnsupportedError,
} from "./errors.js";
export { expectOps } from "./expect-ops.js";
export { GenericBackend, type GenericBackendOptions } from "./generic-backend.js";
export { cumulativeLengths, type SequenceLayout } from "./layout.js";
export { narrowWeight } from "./narrow/narrow-weight.js";
export { type QuantizedRows, quantizeRows } from "./narrow/quantize-rows.js";
export type { OpGroup, OpSpec, TensorKind, TensorRule } from "./op-spec.js";
export {
  type OpArgs,
  type OpName,
  type Ops,
  opNames,
  opSpecs,
  optionalOps,
  type PassMemory,
  requiredOps,
} from "./ops.js";
export { countTokens, packBatch } from "./pack-batch.js";
export { printable } from "./printable.js";
export type { ByteSource } from "./safetensors/byte-source.js";
export type { TensorEntry } from "./safetensors/header.js";
export { elementBytes } from "./safetensors/header.js";
export { narrowF64 } from "./safetensors/narrow-f64.js";
export { openSafetensors, tensorFile } from "./safetensors/open-safetensors.js";
export { toF32 } from "./safetensors/to-f32.js";
export { withScales } from "./safetensors/with-scales.js";
export type { AbortSignalLike } from "./signal.js";
export type { Tensor, TensorRole } from "./tensor.js";
export { type TruncationRule, truncateEncoding } from "./truncate-encoding.js";
export {
  concatRows,
  expectShape,
  type FileIdentity,
  type FileRange,
  fileRanges,
  scaleName,
  sliceRows,
  type WeightSource,
  type WeightView,
  weightView,
} from "./weights.js";
