/** `@ripvec/core/arch`: for authors of architectures and of model sources. Errors are in `@ripvec/core`. */

export type {
  ArchOptions,
  JsonObject,
  LoadedModel,
  ModelArch,
  ModelDescription,
  ModelModule,
  ModelSource,
  Pooling,
  SizeOptions,
} from "./arch.js";
export type { Batch, BatchBase, PackedBatch, PaddedBatch } from "./batch.js";
export type { Driver, RunOptions, TensorOptions, WeightTensor } from "./driver.js";
export {
  type ActivationDType,
  type DType,
  dtypeByteLength,
  floatDTypes,
  type HostArrays,
  sizeOf,
  type WeightDType,
} from "./dtype.js";
export { expectOps } from "./expect-ops.js";
export type { SequenceLayout } from "./layout.js";
export { narrowWeight } from "./narrow/narrow-weight.js";
export { type QuantizedRows, quantizeRows } from "./narrow/quantize-rows.js";
export type { GeluForm } from "./ops/gelu.js";
export type { OpName, Ops, PassMemory } from "./ops.js";
export { packBatch } from "./pack-batch.js";
export type { ByteSource } from "./safetensors/byte-source.js";
export { elementBytes, type TensorEntry } from "./safetensors/header.js";
export { narrowF64 } from "./safetensors/narrow-f64.js";
export { openSafetensors, tensorFile } from "./safetensors/open-safetensors.js";
export { toF32 } from "./safetensors/to-f32.js";
export { withScales } from "./safetensors/with-scales.js";
export { checkSizes } from "./shorten.js";
export type { Tensor, TensorRole } from "./tensor.js";
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
