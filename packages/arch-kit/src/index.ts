export {
  type Activation,
  activate,
  activationSignature,
  opsOfActivation,
  readActivation,
} from "./activation.js";
export { applyLinear } from "./apply-linear.js";
export {
  type BiasOption,
  Checkpoint,
  type LayerNorm,
  type Linear,
  type LinearPart,
} from "./checkpoint.js";
export { JsonFields } from "./json-fields.js";
export { type Planned, planAll, planEach, planNothing, planVector } from "./planned.js";
export { positionsOf } from "./positions.js";
export {
  type TransformerConfig,
  type TransformerDefinition,
  type TransformerPass,
  transformerArch,
} from "./transformer-arch.js";
