import type { SentenceModules, Step } from "./modules.js";

/**
 * The part of a model's signature that its modules make, one string for each module in order: `["mean", "dense=256:tanh",
 * "l2"]`. The last string is "raw" where text vectors are not scaled to length 1.
 */
export function headSignature({ steps, normalized }: SentenceModules): readonly string[] {
  return [...steps.map(stepName), ...(normalized ? [] : ["raw"])];
}

function stepName(step: Step): string {
  switch (step.kind) {
    case "pooling":
      return `${step.modes.join("+")}${step.includePrompt ? "" : ":no-prompt"}`;
    case "dense":
      return `dense=${step.outputs}:${step.activation}${step.hasResidual ? ":residual" : ""}`;
    case "layer_norm":
    case "l2":
      return step.kind;
    default:
      return step satisfies never;
  }
}
