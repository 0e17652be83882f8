/** `@ripvec/core/driver`: for authors of drivers. Errors are in `@ripvec/core`. */

export type { Capabilities } from "./capabilities.js";
export { createDriver } from "./create-driver.js";
export type { Driver, RunOptions, TensorOptions } from "./driver.js";
export {
  type DriverImplementation,
  type DriverPass,
  type KernelArg,
  type KernelArgs,
  type Kernels,
  specVersion,
} from "./driver-implementation.js";
export {
  type ActivationDType,
  type DType,
  dtypeByteLength,
  floatDTypes,
  type HostArrays,
  hostArray,
  sizeOf,
  type WeightDType,
} from "./dtype.js";
export { cumulativeLengths, type SequenceLayout } from "./layout.js";
export { narrowWeight } from "./narrow/narrow-weight.js";
export { type QuantizedRows, quantizeRows } from "./narrow/quantize-rows.js";
export { unheldValueError } from "./narrow/unheld-value.js";
export { takesLayout } from "./op-rules.js";
export {
  type OpGroup,
  type OpSpec,
  type ScalarRule,
  scalarDTypes,
  type TensorKind,
  type TensorRule,
} from "./op-spec.js";
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
export type { Tensor, TensorRole } from "./tensor.js";
export {
  type FileIdentity,
  type FileRange,
  fileRanges,
  scaleName,
  type WeightView,
  weightView,
} from "./weights.js";
