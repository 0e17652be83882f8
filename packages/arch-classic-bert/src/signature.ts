import { fusedForm } from "./activation.js";
import type { BertConfig } from "./config.js";
import type { SentenceModules, Step } from "./modules.js";

/**
 * What shapes a vector besides weights, every module in its order:
 * "classic-bert/roberta/layers=12/heads=12/positions=2/gelu=erf/eps=0.00001/cls/dense=256:tanh/l2".
 */
export function signatureOf(
  name: string,
  config: BertConfig,
  { steps, normalized }: SentenceModules,
): string {
  const gelu = fusedForm(config.activation);
  return [
    name,
    config.family.modelType,
    `layers=${config.layers}`,
    `heads=${config.heads}`,
    `positions=${config.positionOffset}`,
    gelu ? `gelu=${gelu}` : `act=${config.activation}`,
    `eps=${config.eps}`,
    ...steps.map(stepName),
    ...(normalized ? [] : ["raw"]),
  ].join("/");
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
