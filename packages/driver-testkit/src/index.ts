export type { ArchModel, ModelTensor } from "./arch/arch-model.js";
export type { PlainForward } from "./arch/expected-vector.js";
export { PlainModel, type PlainText, type Rows } from "./arch/plain-model.js";
export { type MadeModel, makeModel } from "./model/make-model.js";
export {
  encodeTensor,
  memoryWeights,
  type NamedTensor,
  rawSafetensors,
  safetensorsFile,
} from "./model/safetensors.js";
export type { ModelFamily, ModelSpec } from "./model/spec.js";
export { Random } from "./numbers/random.js";
export { measureOps, type OpsColumn, opsTable } from "./ops-table.js";
export { referenceDriver } from "./reference/reference-driver.js";
export type { LargestError } from "./run/check-region.js";
export { ConformanceError } from "./run/conformance-error.js";
export type { OpResult } from "./run/error-book.js";
export type { CreateDriver } from "./suites/suite.js";
export { type TemplateOptions, templateDriver } from "./template/template-driver.js";
export { type TestArchOptions, testArch } from "./test-arch.js";
export {
  type RegisterSkipped,
  type RegisterTest,
  type TestDriverOptions,
  testDriver,
} from "./test-driver.js";
