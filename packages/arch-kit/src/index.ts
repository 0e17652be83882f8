export {
  type Activation,
  activate,
  activationByHiddenAct,
  fusedForm,
  opsOf,
} from "./activation.js";
export { Checkpoint, type LayerNorm, type Linear, type Planned } from "./checkpoint.js";
export { JsonFields } from "./json-fields.js";
export { knownModules } from "./module-kinds.js";
export { readModules, type SentenceModules } from "./modules.js";
export { positionsOf } from "./positions.js";
export { type HeadStep, opsOfSteps, planHead, sentenceVectors } from "./sentence-head.js";
export { headSignature } from "./signature.js";
export { readMaxTokens } from "./transformer-config.js";
